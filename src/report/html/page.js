"use strict";
(() => {
  const rows = document.querySelector(".find input");
  const find = () => {
    const words = rows.value.trim().toLowerCase().split(/\s+/).filter((word) => word);
    const fits = (element) => words.every((word) => element.textContent.toLowerCase().includes(word));
    for (const record of document.querySelectorAll(".record:not(.rest)")) record.hidden = !fits(record.firstElementChild);
    for (const table of document.querySelectorAll(".rest")) {
      const groups = [...table.querySelectorAll(".alike")].map((group) => [group, [...group.querySelectorAll(".rows li")]]);
      for (const [group, named] of groups) {
        for (const row of named) row.hidden = !fits(row);
        group.hidden = words.length > 0 && named.every((row) => row.hidden);
      }
      table.hidden = groups.every(([group]) => group.hidden);
      table.open = words.length > 0 && !table.hidden;
    }
  };
  if (rows) {
    rows.addEventListener("input", find);
    rows.closest(".find").hidden = false;
  }
})();
(() => {
  const bar = document.querySelector(".filters");
  if (!bar) return;
  const choices = ["group", "article", "outcome"].map((name) => bar.querySelector(`[name=${name}]`)).filter((choice) => choice);
  const search = bar.querySelector("[name=search]");
  const output = bar.querySelector("output");
  const articles = [...document.querySelectorAll(".article")].map((section) => [section, [...section.querySelectorAll(".finding")]]);
  const all = articles.reduce((sum, [, findings]) => sum + findings.length, 0);
  const said = (shown, all) => output.dataset.text.replace("{shown}", shown).replace("{all}", all);
  const apply = () => {
    const words = search.value.trim().toLowerCase().split(/\s+/).filter((word) => word);
    let shown = 0;
    for (const [section, findings] of articles) {
      let some = 0;
      for (const finding of findings) {
        const fits = choices.every((choice) => !choice.value || finding.dataset[choice.name].split("\n").includes(choice.value));
        const found = fits && words.every((word) => finding.textContent.toLowerCase().includes(word));
        finding.hidden = !found;
        some += found ? 1 : 0;
      }
      section.hidden = some === 0;
      section.querySelector("header span").dataset.shown = some < findings.length ? said(some, findings.length) : "";
      shown += some;
    }
    bar.classList.toggle("active", shown < all);
    output.textContent = said(shown, all);
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
