"""Who runs the tasks: datatrove's executors, on this machine, on Ray or on Slurm."""

from __future__ import annotations

import os
import traceback
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from copy import deepcopy
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any

from datatrove.executor.local import LocalPipelineExecutor
from datatrove.utils.stats import PipelineStats

ENGINES = ("local", "ray", "slurm")


class Local(LocalPipelineExecutor):  # type: ignore[misc]
    """datatrove's local executor on another pool: its own waits for ever for a worker that was killed.

    What a task has to say goes to its log in the run's folder: datatrove's own logger says it on standard error as well.
    """

    def run(self) -> None:
        ranks = self.get_incomplete_ranks()
        stats = self._spread(ranks) if self.workers > 1 else [deepcopy(self)._run_for_rank(rank, 1) for rank in ranks]
        with self.logging_dir.open("stats.json", "wt") as file:
            sum(stats, start=PipelineStats()).save_to_disk(file)

    def _run_for_rank(self, rank: int, local_rank: int = 0, node_rank: int = -1) -> PipelineStats:
        with self.logging_dir.open(f"logs/task_{rank:05d}.log", "w") as log:
            try:
                data: Any = None
                for step in self.pipeline:
                    data = step(data, rank, self.world_size)
                deque(data, maxlen=0)
            except Exception:
                traceback.print_exc(file=log)
                raise
            stats = PipelineStats(self.pipeline)
            log.write(stats.get_repr(f"Task {rank}"))
        with self.logging_dir.open(f"stats/{rank:05d}.json", "w") as file:
            stats.save_to_disk(file)
        self.mark_rank_as_completed(rank)
        return stats

    def _spread(self, ranks: Sequence[int]) -> list[PipelineStats]:
        # spawned, not forked: a fork takes the caller's threads' locks with it
        with ProcessPoolExecutor(self.workers, get_context("spawn"), _end_with_parent) as pool:
            futures = [pool.submit(self._run_for_rank, rank, 1) for rank in ranks]
            try:
                return [future.result() for future in as_completed(futures)]
            except BrokenProcessPool:
                raise ChildProcessError(
                    "a worker was killed, perhaps for the memory it took; the same command goes on where it stopped"
                ) from None
            finally:
                pool.shutdown(cancel_futures=True)


def _end_with_parent() -> None:
    """Lets a worker end when whoever started it is killed: it would wait for ever for its next task."""
    Thread(target=_end_after, args=[parent_process()], daemon=True).start()


def _end_after(parent: Any) -> None:
    parent.join()
    os._exit(1)


def executor(
    engine: str, pipeline: Sequence[Any], tasks: int, workers: int, folder: str, options: Mapping[str, Any]
) -> Any:
    """The executor of a name; ``options`` are handed to it.

    Raises:
        ValueError: where there is none of that name.
        TypeError: where an option is not one of its own, or one that it needs is missing.
    """
    shared = {"pipeline": list(pipeline), "tasks": tasks, "workers": workers, "logging_dir": folder}
    if engine == "local":
        return Local(**shared, **options)
    if engine == "ray":
        try:
            import ray
        except ImportError:
            raise ImportError("engine='ray' needs the package ray: pip install 'boilerplate-cleaner[ray]'") from None
        from datatrove.executor.ray import RayPipelineExecutor

        if not ray.is_initialized():
            ray.init(log_to_driver=False)
        return RayPipelineExecutor(**shared, **options)
    if engine == "slurm":
        from datatrove.executor.slurm import SlurmPipelineExecutor

        return SlurmPipelineExecutor(**shared, **options)
    raise ValueError(f"engine is one of {', '.join(ENGINES)}, not {engine!r}")
