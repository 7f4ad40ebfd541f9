"use strict";

/* Copies a calendar's address; without scripts the button stays hidden and the address is a link. */
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.parentElement.querySelector("[data-copied]").textContent = "In die Zwischenablage kopiert.";
  });
}
