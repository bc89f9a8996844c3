"use strict";
// Copies bodies, filters by kind, searches, and puts the reasons away on Escape.
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

  // Search: entries without the words are hidden; what holds them inside an entry is opened while they are sought.
  const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  for (const field of all(".search")) {
    const entries = all(".entry").map((entry) => [entry, folded(entry.textContent)]);
    const opened = new Set();
    let waiting;
    const seek = () => {
      const wanted = folded(field.value).trim();
      for (const details of opened) details.open = false;
      opened.clear();
      let hits = 0;
      for (const [entry, text] of entries) {
        const hit = text.includes(wanted);
        entry.hidden = !hit;
        hits += hit;
        if (!hit || !wanted) continue;
        for (const details of [entry, ...entry.querySelectorAll("details")])
          if (details.matches("details:not([open])") && folded(details.textContent).includes(wanted)) {
            details.open = true;
            opened.add(details);
          }
      }
      for (const section of all("section"))
        if (section.querySelector(".entry")) section.hidden = !section.querySelector(".entry:not([hidden])");
        else section.hidden = Boolean(wanted);
      if (wanted) say(hits ? `${hits} found` : "Nothing found");
    };
    field.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(seek, 150);
    });
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.body.classList.add("quiet");
  });
  for (const event of ["pointerover", "focusin"])
    document.addEventListener(event, () => document.body.classList.remove("quiet"));
})();
