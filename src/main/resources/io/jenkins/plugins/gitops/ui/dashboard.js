/* Keeps the table of the dashboard fresh while somebody looks at it. Without it, the page is as of when it was loaded. */
(function () {
  "use strict";

  const INTERVAL = 10000;

  function start(live) {
    const status = document.getElementById("gitops-status");
    const approvals = document.getElementById("gitops-approvals");
    let tag = null;
    let timer = null;

    function replace(html) {
      const open = Array.from(live.querySelectorAll("details[open]"), (details) => details.id);
      const focused = live.contains(document.activeElement) ? document.activeElement : null;
      const path = focused === null ? null : position(focused);
      live.innerHTML = html;
      open.forEach((id) => {
        const details = document.getElementById(id);
        if (details !== null) {
          details.open = true;
        }
      });
      if (path !== null && live.querySelectorAll(path.selector)[path.index]) {
        live.querySelectorAll(path.selector)[path.index].focus();
      }
      const newest = live.querySelector(".gitops-live");
      if (newest !== null && newest.dataset.approvals !== approvals.dataset.version) {
        document.getElementById("gitops-approvals-changed").hidden = false;
      }
    }

    function position(element) {
      const selector = element.tagName.toLowerCase();
      return { selector: selector, index: Array.from(live.querySelectorAll(selector)).indexOf(element) };
    }

    async function refresh() {
      timer = null;
      if (document.hidden) {
        return;
      }
      try {
        const response = await fetch(live.dataset.url, {
          headers: tag === null ? {} : { "If-None-Match": tag },
          cache: "no-store",
          redirect: "error",
        });
        if (response.status === 200) {
          tag = response.headers.get("ETag");
          replace(await response.text());
        } else if (response.status !== 304) {
          throw new Error("status " + response.status);
        }
        status.textContent = "";
      } catch (e) {
        status.textContent = status.dataset.failed;
      }
      schedule();
    }

    function schedule() {
      if (timer === null && !document.hidden) {
        timer = setTimeout(refresh, INTERVAL);
      }
    }

    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && timer === null) {
        refresh();
      }
    });
    schedule();
  }

  document.addEventListener("DOMContentLoaded", () => {
    const live = document.getElementById("gitops-live");
    if (live !== null) {
      start(live);
    }
  });
})();
