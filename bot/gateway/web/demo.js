// The page's own button opens the guide.
document.getElementById("ask").addEventListener("click", () => {
  document.querySelector("iess-chat").show?.();
});
