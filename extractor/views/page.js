
"use strict";
(() => {
  const facts = new Map();
  for (const node of document.querySelectorAll("[data-facts]")) {
    for (const key of node.dataset.facts.split(" ")) {
      if (!facts.has(key)) facts.set(key, []);
      facts.get(key).push(node);
    }
  }
  let lit = [];
  const dim = () => {
    for (const node of lit) node.classList.remove("lit");
    lit = [];
  };
  const light = (event) => {
    const source = event.target.closest("[data-facts]");
    dim();
    if (!source) return;
    lit = source.dataset.facts.split(" ").flatMap((key) => facts.get(key));
    for (const node of lit) node.classList.add("lit");
  };
  document.addEventListener("mouseover", light);
  document.addEventListener("focusin", light);
  document.addEventListener("focusout", dim);
})();

