// The evidence beside the criteria. Without this file its parts stand below each other and files open in new tabs.
//   [data-tabs] a[data-tab]   becomes a row of tabs over [data-panel]
//   a[data-file="pdf|picture"] opens in the pane instead of a new tab (with its page, when the address names one)
//   a[data-tab-link="finance"] opens that part; both put the way back into the focus order
(function () {
  "use strict";
  var list = document.querySelector("[data-tabs]");
  if (!list) return;
  var pane = list.closest(".evidence");
  var all = function (selector) { return Array.prototype.slice.call(pane.querySelectorAll(selector)); };
  var panels = all("[data-panel]");
  var fileTab = pane.querySelector(".file-tab"), filePlace = pane.querySelector("[data-file-place]");

  list.setAttribute("role", "tablist");
  function tabs() { return all("[data-tab]").filter(function (tab) { return !tab.parentNode.hidden; }); }
  all("[data-tabs] > li").forEach(function (item) { item.setAttribute("role", "presentation"); });
  all("[data-tab]").forEach(function (tab) {
    tab.id = "tab-" + tab.dataset.tab;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", "evidence-" + tab.dataset.tab);
  });
  panels.forEach(function (panel) {
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", "tab-" + panel.dataset.panel);
  });

  function show(code, focus) {
    panels.forEach(function (panel) { panel.hidden = panel.dataset.panel !== code; });
    all("[data-tab]").forEach(function (tab) {
      var here = tab.dataset.tab === code;
      tab.setAttribute("aria-selected", String(here));
      tab.tabIndex = here ? 0 : -1;
      if (here && focus) tab.focus();
    });
    if (window.getComputedStyle(pane).position === "sticky") pane.scrollTop = 0;
  }
  function open(link) {
    var old = filePlace.firstChild;
    if (!old || old.dataset.address !== link.href) {
      // A frame keeps a history of its own: a new one each time leaves the way back alone.
      var fresh = document.createElement(link.dataset.file === "pdf" ? "iframe" : "img");
      fresh.src = link.href;
      fresh.dataset.address = link.href;
      if (link.dataset.file === "pdf") fresh.title = link.dataset.name; else fresh.alt = link.dataset.name;
      filePlace.replaceChildren(fresh);
    }
    pane.querySelector("[data-file-name]").textContent = link.dataset.name;
    pane.querySelector("[data-file-open]").href = link.href;
    fileTab.hidden = false;
    show("file", false);
  }
  function bring() { // one below the other on a small screen
    if (window.getComputedStyle(pane).position !== "sticky") pane.scrollIntoView({ block: "start" });
  }

  list.addEventListener("click", function (event) {
    var tab = event.target.closest("[data-tab]");
    if (!tab) return;
    event.preventDefault();
    show(tab.dataset.tab, true);
  });
  list.addEventListener("keydown", function (event) {
    var row = tabs(), at = row.indexOf(event.target), to = -1;
    if (at < 0) return;
    if (event.key === "ArrowRight") to = (at + 1) % row.length;
    else if (event.key === "ArrowLeft") to = (at + row.length - 1) % row.length;
    else if (event.key === "Home") to = 0;
    else if (event.key === "End") to = row.length - 1;
    if (to < 0) return;
    event.preventDefault();
    show(row[to].dataset.tab, true);
  });
  document.addEventListener("click", function (event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    var link = event.target.closest ? event.target.closest("a[data-file], a[data-tab-link]") : null;
    if (!link) return;
    event.preventDefault();
    if (link.dataset.file) open(link); else show(link.dataset.tabLink, false);
    if (!pane.contains(link)) bring();
  });
  show("summary", false);
})();
