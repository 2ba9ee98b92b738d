// The button opens when allauth's scripts listen to it: pressed sooner, it would do nothing. A device that refuses gets
// a sentence on the page.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelector("[data-passkey]").disabled = false;
});
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.getElementById("passkey_slip").hidden = false;
});
