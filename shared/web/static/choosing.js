"use strict";

/* One box chooses all rows of a list, and beside it stands how many are chosen.
   Without scripts there is a link instead that shows the page with all of them chosen. */
for (const choosing of document.querySelectorAll("[data-choosing]")) {
  const form = choosing.closest("form");
  const rows = [...form.querySelectorAll(`input[name="${choosing.dataset.choosing}"]`)];
  const all = choosing.querySelector("input");
  const count = choosing.querySelector("[role=status]");
  const show = () => {
    const chosen = rows.filter((row) => row.checked).length;
    all.checked = chosen === rows.length;
    all.indeterminate = chosen > 0 && chosen < rows.length;
    count.textContent = `${chosen} von ${rows.length} ${choosing.dataset.chosen}`;
  };
  all.addEventListener("change", () => {
    for (const row of rows) row.checked = all.checked;
  });
  form.addEventListener("change", show);
  window.addEventListener("pageshow", show);
  choosing.querySelector("a").hidden = true;
  for (const one of [all.parentElement, count]) one.hidden = false;
  show();
}
