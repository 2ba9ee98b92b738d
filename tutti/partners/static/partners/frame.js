// In a frame: tells the page around how high the list is. A number, and nothing else, goes out.
if (parent !== window) {
  document.documentElement.classList.add("in-frame");
  const tell = () => parent.postMessage({ tuttiHeight: document.body.scrollHeight }, "*");
  new ResizeObserver(tell).observe(document.querySelector("main"));
  addEventListener("load", tell);
}
