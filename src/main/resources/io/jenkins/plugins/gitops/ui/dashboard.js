/* Keeps the table of the dashboard fresh while somebody looks at it. Without it, the page is as of when it was loaded. */
(function () {
  "use strict";

  const INTERVAL = 10000;

  function start(live) {
    const status = document.getElementById("gitops-status");
    const approvals = document.getElementById("gitops-approvals");
    let tag = null;
    let timer = null;
    let busy = false;

    /* The fragment comes from this Jenkins, which has escaped all texts; it holds neither scripts nor forms. */
    function replace(html) {
      const open = Array.from(live.querySelectorAll("details[open]"), (details) => details.id);
      const focus = position(document.activeElement);
      live.innerHTML = html;
      open.map((id) => document.getElementById(id)).forEach((details) => {
        if (details !== null) {
          details.open = true;
        }
      });
      if (focus !== null && live.querySelectorAll(focus.selector)[focus.index]) {
        live.querySelectorAll(focus.selector)[focus.index].focus();
      }
      const newest = live.querySelector(".gitops-live");
      if (newest !== null && newest.dataset.approvals !== approvals.dataset.version) {
        document.getElementById("gitops-approvals-changed").hidden = false;
      }
    }

    function position(element) {
      if (element === null || !live.contains(element)) {
        return null;
      }
      const selector = element.tagName.toLowerCase();
      return { selector: selector, index: Array.from(live.querySelectorAll(selector)).indexOf(element) };
    }

    function read(response) {
      if (response.status === 304) {
        return Promise.resolve();
      }
      if (response.status !== 200) {
        return Promise.reject(new Error("status " + response.status));
      }
      tag = response.headers.get("ETag");
      return response.text().then(replace);
    }

    function refresh() {
      if (busy || document.hidden) {
        return;
      }
      busy = true;
      clearTimeout(timer);
      fetch(live.dataset.url, {
        headers: tag === null ? {} : { "If-None-Match": tag },
        cache: "no-store",
        redirect: "error",
      })
        .then(read)
        .then(
          () => {
            status.textContent = "";
          },
          () => {
            status.textContent = status.dataset.failed;
          },
        )
        .then(() => {
          busy = false;
          timer = setTimeout(refresh, INTERVAL);
        });
    }

    document.addEventListener("visibilitychange", refresh);
    timer = setTimeout(refresh, INTERVAL);
  }

  document.addEventListener("DOMContentLoaded", () => {
    const live = document.getElementById("gitops-live");
    if (live !== null) {
      start(live);
    }
  });
})();
