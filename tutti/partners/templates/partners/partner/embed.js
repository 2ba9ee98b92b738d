(function () {
  // One line on a host's page; this makes the frame where the line stands and fits its height.
  var line = document.currentScript;
  var address = new URL("embed/", line.src);
  var frame = document.createElement("iframe");
  frame.src = address.href;
  frame.title = line.dataset.title || "Find a music teacher";
  frame.loading = "lazy";
  frame.height = "1200";
  frame.style.border = "0";
  frame.style.width = "100%";
  line.insertAdjacentElement("afterend", frame);
  addEventListener("message", function (event) {
    if (event.source !== frame.contentWindow || event.origin !== address.origin) return;
    var height = Number(event.data && event.data.tuttiHeight);
    if (height > 0 && height < 100000) frame.height = String(Math.ceil(height));
  });
})();
