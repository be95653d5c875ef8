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
  const own = document.querySelector(".own");
  const title = document.title;
  const texts = new Map();
  const text = (finding) => {
    if (!texts.has(finding)) texts.set(finding, finding.textContent.toLowerCase());
    return texts.get(finding);
  };
  const of = (finding, section, name) => (name === "article" ? finding.dataset.article ?? section.dataset.article : finding.dataset[name]);
  const said = (shown, all) => output.dataset.text.replace("{shown}", shown).replace("{all}", all);
  // One group alone has its name and its own counts; what is of all groups is put away.
  const alone = () => {
    const group = choices.find((choice) => choice.name === "group");
    const one = own && group.value ? group.selectedOptions[0] : undefined;
    document.body.classList.toggle("alone", Boolean(one));
    document.title = one ? `${group.value} · ${title}` : title;
    if (!own) return;
    own.hidden = !one;
    if (!one) return;
    own.querySelector(".name").textContent = group.value;
    const counts = one.dataset.counts.split(" ");
    own.querySelectorAll("li").forEach((item, at) => {
      item.firstElementChild.textContent = counts[at];
      item.hidden = counts[at] === "0";
    });
  };
  const apply = () => {
    const words = search.value.trim().toLowerCase().split(/\s+/).filter((word) => word);
    const chosen = choices.filter((choice) => choice.value);
    let shown = 0;
    for (const [section, findings] of articles) {
      let some = 0;
      for (const finding of findings) {
        const fits = chosen.every((choice) => (of(finding, section, choice.name) ?? "").split("\n").includes(choice.value));
        const found = fits && words.every((word) => text(finding).includes(word));
        if (finding.hidden === found) finding.hidden = !found;
        some += found ? 1 : 0;
      }
      if (section.hidden !== (some === 0)) section.hidden = some === 0;
      section.querySelector("header span").dataset.shown = some < findings.length ? said(some, findings.length) : "";
      shown += some;
    }
    alone();
    bar.classList.toggle("active", shown < all);
    output.textContent = said(shown, all);
  };
  // The address says what is shown: `#?group=…&search=…`.
  const written = () => {
    const asked = new URLSearchParams();
    for (const choice of [...choices, search]) if (choice.value) asked.set(choice.name, choice.value);
    const address = asked.size ? `#?${asked}` : "#findings";
    if (location.hash !== address) history.replaceState(null, "", address);
  };
  const set = (asked) => {
    for (const choice of [...choices, search]) choice.value = asked.get(choice.name) ?? "";
    for (const choice of choices) if (choice.selectedIndex < 0) choice.value = "";
    apply();
  };
  const changed = () => {
    apply();
    written();
  };
  bar.addEventListener("input", changed);
  bar.querySelector("button").addEventListener("click", () => {
    set(new URLSearchParams());
    written();
  });
  for (const link of document.querySelectorAll("a[data-filter]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      set(new URLSearchParams([[link.dataset.filter, link.dataset.value]]));
      written();
      const target = document.getElementById(link.hash.slice(1));
      (document.body.classList.contains("alone") ? document.body : target).scrollIntoView();
    });
  }
  const open = () => {
    if (location.hash.startsWith("#?")) {
      set(new URLSearchParams(location.hash.slice(2)));
      return;
    }
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[hidden], .alone .whole")) set(new URLSearchParams());
    if (target.matches("details")) target.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", open);
  bar.hidden = false;
  apply();
  open();
})();
