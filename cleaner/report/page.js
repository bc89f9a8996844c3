"use strict";
// Copies bodies, filters by kind, and puts the reasons away on Escape.
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const said = document.querySelector(".said");
  let fading;
  const say = (what) => {
    said.textContent = what;
    clearTimeout(fading);
    fading = setTimeout(() => (said.textContent = ""), 4000);
  };

  const texts = document.getElementById("texts");
  const bodies = texts ? JSON.parse(texts.textContent) : [];
  for (const button of all(".copy"))
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(bodies[button.dataset.text]);
        say("Body copied");
      } catch {
        getSelection().selectAllChildren(button.closest(".panel").querySelector(".text"));
        say("This browser does not let pages copy: the body is selected, copy it by hand");
      }
    });

  for (const filter of all(".filter")) {
    const boxes = [...filter.querySelectorAll("input")];
    const every = filter.querySelector(".all");
    const apply = () => {
      const hidden = new Set(boxes.filter((box) => !box.checked).map((box) => box.value));
      for (const line of all(".gone")) line.hidden = hidden.has(line.dataset.kind);
      every.textContent = hidden.size ? "Show all" : "Hide all";
    };
    every.addEventListener("click", () => {
      const show = boxes.some((box) => !box.checked);
      for (const box of boxes) box.checked = show;
      apply();
    });
    filter.addEventListener("change", apply);
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.body.classList.add("quiet");
  });
  for (const event of ["pointerover", "focusin"])
    document.addEventListener(event, () => document.body.classList.remove("quiet"));
})();
