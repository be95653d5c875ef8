"use strict";
(() => {
  const bar = document.querySelector(".filters");
  if (!bar) return;
  const choices = ["group", "article", "outcome"].map((name) => bar.querySelector(`[name=${name}]`)).filter((choice) => choice);
  const search = bar.querySelector("[name=search]");
  const output = bar.querySelector("output");
  const articles = [...document.querySelectorAll(".article")].map((section) => [section, [...section.querySelectorAll(".finding")]]);
  const all = document.querySelectorAll(".finding").length;
  const apply = () => {
    const words = search.value.trim().toLowerCase().split(/\s+/).filter((word) => word);
    let shown = 0;
    for (const [section, findings] of articles) {
      let some = 0;
      for (const finding of findings) {
        const fits = choices.every((choice) => !choice.value || finding.dataset[choice.name] === choice.value);
        const found = fits && words.every((word) => finding.textContent.toLowerCase().includes(word));
        finding.hidden = !found;
        some += found ? 1 : 0;
      }
      section.hidden = some === 0;
      shown += some;
    }
    bar.classList.toggle("active", shown < all);
    output.textContent = output.dataset.text.replace("{shown}", shown).replace("{all}", all);
  };
  const clear = () => {
    for (const choice of [...choices, search]) choice.value = "";
    apply();
  };
  bar.addEventListener("input", apply);
  bar.querySelector("button").addEventListener("click", clear);
  for (const link of document.querySelectorAll("a[data-filter]")) {
    link.addEventListener("click", () => {
      for (const choice of [...choices, search]) choice.value = "";
      const choice = choices.find((choice) => choice.name === link.dataset.filter);
      if (choice) choice.value = link.dataset.value;
      apply();
    });
  }
  const open = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.matches(".finding[hidden], .article[hidden]")) clear();
    if (target.matches("details")) target.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", open);
  bar.hidden = false;
  apply();
  open();
})();
