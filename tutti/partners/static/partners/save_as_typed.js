// Saves a form as it is typed, a moment after the last letter, and says so. Without this the button saves it.
(() => {
  const form = document.querySelector("form[data-save-as-typed]");
  const saving = document.getElementById("saving");
  if (!form || !saving) return;
  let timer;
  let pause = 2000;
  let sending = false;
  let changed = false;

  function say(state, words) {
    saving.dataset.state = state;
    saving.querySelector(".saving-words").textContent = words;
  }

  function values() {
    const all = new FormData(form);
    return new URLSearchParams([...all].filter(([, value]) => typeof value === "string"));
  }

  async function save() {
    if (sending || !changed) return;
    sending = true;
    changed = false;
    say("saving", "Saving");
    const words = { method: "POST", headers: { "X-Tutti": "save" }, body: values(), redirect: "manual" };
    const answer = await fetch(form.action, { ...words, signal: AbortSignal.timeout(15000) }).catch(() => null);
    sending = false;
    if (answer && answer.status === 204) saved();
    else if (answer && answer.status === 422) say("waiting", "Not saved: something is to be put right");
    else later();
  }

  function saved() {
    pause = 2000;
    const time = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    say("saved", `Saved ${time}`);
    if (changed) soon(1500);
  }

  function later() {
    changed = true;
    say("waiting", "Not saved, trying again");
    soon(pause);
    pause = Math.min(pause * 2, 60000);
  }

  function soon(wait) {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  }

  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    changed = true;
    soon(1500);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
  addEventListener("beforeunload", (event) => {
    if (changed && saving.dataset.state === "waiting") event.preventDefault();
  });
})();
