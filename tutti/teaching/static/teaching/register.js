// Saves each tap at once. What could not be sent waits in this page's memory, and nowhere else, and is tried again.
(() => {
  const form = document.getElementById("register");
  if (!form) return;
  const saving = document.getElementById("saving");
  const offline = document.getElementById("offline");
  const waiting = new Map(); // what a tap is about -> the newest answer to send
  let sending = false;
  let pause = 1000;
  let pressed; // the button that waits until the taps before it have arrived
  let lost = ""; // what to say of a tap that was refused

  // names one tap, so that sent twice it is one; a page that is not on https has no randomUUID
  const token = () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`.slice(0, 36);
  const cookie = (name) => document.cookie.split("; ").find((c) => c.startsWith(name + "="))?.split("=")[1] ?? "";

  function say(state, words) {
    saving.dataset.state = state;
    saving.querySelector(".saving-words").innerHTML = words;
  }

  function later(key, tap) {
    waiting.set(key, tap);
    tap.row.dataset.state = "waiting";
    say("saving", "Saving");
    send();
  }

  async function send() {
    if (sending || !waiting.size) return;
    sending = true;
    const [key, tap] = waiting.entries().next().value;
    const answer = await post(tap).catch(() => null);
    sending = false;
    if (answer && answer.status === 204) arrived(key, tap);
    else if (answer && answer.status >= 400 && answer.status < 500 && answer.status !== 401 && answer.status !== 403) refused(key, tap, answer);
    else failed(key, tap, answer);
  }

  function post(tap) {
    const headers = { "X-CSRFToken": cookie("tutti_csrf"), "X-Tutti": "save" };
    const body = new URLSearchParams(tap.values);
    return fetch(tap.url, { method: "POST", headers, body, redirect: "manual", signal: AbortSignal.timeout(15000) });
  }

  function arrived(key, tap) {
    pause = 1000;
    if (waiting.get(key) === tap) {
      waiting.delete(key);
      delete tap.row.dataset.state;
      if (tap.was) tap.was.value = tap.values.why;
      if (tap.whole) remember(tap.row, tap.values);
    }
    if (waiting.size) return send();
    if (pressed !== undefined) return form.requestSubmit(pressed);
    if (lost) return say("waiting", lost);
    offline.hidden = true;
    const time = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    say("saved", `Saved ${time}`);
  }

  function remember(card, sent) { // what was sent, not what has been typed since, is what the next change differs from
    const value = (kind) => sent[Object.keys(sent).find((name) => name.startsWith(kind))] ?? "";
    const given = value("given-") === "yes";
    card.querySelector("[name^=was-given-]").value = given ? "yes" : value("struck-");
    card.querySelector("[name^=was-count-]").value = given ? value("count-") : "";
  }

  function failed(key, tap, answer) {
    if (answer && waiting.get(key) === tap) { waiting.delete(key); waiting.set(key, tap); } // the others need not wait for it
    const signedOut = answer && (answer.status === 401 || answer.type === "opaqueredirect");
    const taps = waiting.size === 1 ? "1 tap is" : `${waiting.size} taps are`;
    offline.hidden = false;
    offline.querySelector("h2").textContent = signedOut ? "You have been signed out" : "No connection just now";
    document.getElementById("offline-words").textContent = signedOut
      ? `Sign in again in another tab, then come back. ${taps} waiting on this page.`
      : `Carry on. ${taps} waiting on this page and ${waiting.size === 1 ? "goes" : "go"} by themselves.`;
    say("waiting", `Not saved, trying again <b>${waiting.size} waiting</b>`);
    stay();
    pause = Math.min(pause * 2, 15000);
    setTimeout(send, pause);
  }

  function stay() { // a button cannot go anywhere now
    if (pressed === undefined) return;
    pressed = undefined;
    offline.hidden = false;
    offline.scrollIntoView();
  }

  async function refused(key, tap, answer) {
    const words = answer.status === 422 && answer.headers.get("Content-Type").startsWith("text/plain") ? await answer.text() : "";
    if (waiting.get(key) === tap) {
      waiting.delete(key);
      delete tap.row.dataset.state;
      if (!tap.whole) takeBack(tap);
    }
    pressed = undefined;
    if (tap.whole) return form.requestSubmit(); // the page itself says what is wrong, at its place
    lost = words || "This could not be saved. Please load the page again.";
    say("waiting", lost);
    send();
  }

  function takeBack({ row, was }) { // the row shows again what the server took last
    row.querySelector("[value=here]").checked = was.value === "here";
    row.querySelector("[value=away]").checked = was.value !== "" && was.value !== "here";
    row.querySelectorAll("[name^=why-]").forEach((why) => { why.checked = why.value === was.value; });
    if (isAway(row)) draw(row, was.value);
    else row.querySelector(".why-chosen")?.remove();
    recount();
  }

  function tapPupil(row, why) {
    const values = { place: row.dataset.place, why, once: token() };
    const was = row.querySelector("[name^=was-]");
    later(row.id, { url: form.dataset.tap, values, row, was });
    recount();
  }

  function saveCard(card) {
    const values = {};
    card.querySelectorAll("input").forEach((field) => {
      if (field.type !== "radio" && field.type !== "checkbox" || field.checked) values[field.name] = field.value;
    });
    later(card.id, { url: form.action, values: { ...values, move: "save" }, row: card, whole: true });
    recount();
  }

  function choose(row, input) {
    draw(row, input.value);
    tapPupil(row, input.value);
  }

  function draw(row, why) {
    const panel = row.querySelector(".pupil-why");
    const reasons = row.querySelector(".why-all");
    panel.querySelector(".why-chosen")?.remove();
    panel.querySelector(".why-change")?.remove();
    const chosen = document.createElement("div");
    chosen.className = "why-chosen";
    chosen.append(document.getElementById(`facts-${why}`).content.cloneNode(true));
    const change = document.createElement("details");
    change.className = "why-change";
    change.append(Object.assign(document.createElement("summary"), { textContent: "Change" }), reasons);
    panel.append(chosen, change);
  }

  const isMarked = (card) => {
    if (card.hasAttribute("data-programme")) {
      const given = card.querySelector("[name^=given-]:checked")?.value;
      return given === "yes" || (given === "no" && Boolean(card.querySelector("[name^=struck-]:checked")));
    }
    return [...card.querySelectorAll(".pupil")].every((row) => isHere(row) || isAway(row));
  };
  const isHere = (row) => row.querySelector("[value=here]")?.checked;
  const isAway = (row) => row.querySelector("[value=away]")?.checked && row.querySelector("[name^=why-]:checked");

  function recount() {
    const cards = [...form.querySelectorAll(".lesson")];
    const open = cards.filter((card) => !isMarked(card));
    const rows = [...form.querySelectorAll(".pupil")];
    const words = (id, text) => { const at = document.getElementById(id); if (at) at.textContent = text; };
    const here = rows.filter(isHere).length;
    const away = rows.filter(isAway).length;
    words("marked-words", `${cards.length - open.length} of ${cards.length} lessons marked`);
    words("given-words", `${here} here, ${away} not`);
    document.getElementById("actions-open").hidden = !open.length;
    document.getElementById("actions-done").hidden = Boolean(open.length);
    if (!open.length) return;
    document.getElementById("next").href = `#${open[0].id}`;
    const title = open[0].querySelector(".lesson-title");
    words("next-words", `Next: ${title.textContent.trim().replace(/\s+/g, " ")}`);
  }

  form.addEventListener("change", (event) => {
    const field = event.target;
    const row = field.closest(".pupil");
    const card = field.closest(".lesson");
    if (row && field.value === "here") tapPupil(row, "here");
    else if (row && field.name.startsWith("why-")) choose(row, field);
    else if (row && isAway(row)) choose(row, row.querySelector("[name^=why-]:checked")); // the reason from before
    else if (row) recount();
    else if (card && card.hasAttribute("data-programme") && (field.value !== "no" || field.name.startsWith("struck-"))) saveCard(card);
  });

  form.addEventListener("click", (event) => {
    const step = event.target.closest("[name=more], [name=less]");
    if (!step) return;
    event.preventDefault();
    const card = step.closest(".lesson");
    const count = card.querySelector("[name^=count-]");
    const now = Number(count.value || count.placeholder) + (step.name === "more" ? 1 : -1);
    count.value = Math.max(0, now);
    card.querySelector("[value=yes]").checked = true;
    saveCard(card);
  });

  form.addEventListener("submit", (event) => {
    if (!waiting.size && navigator.onLine) return;
    event.preventDefault();
    pressed = event.submitter;
    if (saving.dataset.state === "waiting" || !navigator.onLine) stay();
  });

  addEventListener("beforeunload", (event) => { if (waiting.size) event.preventDefault(); });
  addEventListener("online", () => { pause = 1000; send(); });
})();
