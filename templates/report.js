"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const number = new Intl.NumberFormat("en-US");
  const percent = (share) => (share == null ? "" : (100 * share).toFixed(1) + " %");
  const tokens = (count) => (count == null ? "unknown" : number.format(count));
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const columns = [
    { key: "title", name: "Session", link: true },
    { key: "project", name: "Project" },
    { key: "agent", name: "Agent" },
    { key: "model", name: "Model" },
    { key: "tokens", name: "Tokens", show: tokens, number: true },
    { key: "share", name: "Used", show: percent, number: true, level: true },
    { key: "compactions", name: "Compactions", show: (list) => String(list.length), value: (list) => list.length, number: true },
    { key: "updated", name: "Last seen" },
  ];
  let order = { key: "updated", down: true };
  let chosen = data.sessions.length ? data.sessions[0].id : null;

  function element(name, text, attributes) {
    const made = document.createElement(name);
    if (text != null) made.textContent = text;
    for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
    return made;
  }

  function value(session, column) {
    const found = session[column.key];
    return found == null ? "" : column.value ? column.value(found) : found;
  }

  function sorted() {
    const words = document.getElementById("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const column = columns.find((it) => it.key === order.key);
    const rows = data.sessions.filter((it) => {
      const text = [it.title, it.project, it.agent, it.model, it.id].join(" ").toLowerCase();
      return words.every((word) => text.includes(word));
    });
    rows.sort((a, b) => {
      const [left, right] = [value(a, column), value(b, column)];
      const way = typeof left === "number" && typeof right === "number" ? left - right : String(left).localeCompare(String(right));
      return order.down ? -way : way;
    });
    return rows;
  }

  function heads() {
    const row = document.querySelector("#sessions thead tr");
    row.replaceChildren();
    for (const column of columns) {
      const head = element("th", null, { scope: "col" });
      if (column.number) head.className = "number";
      if (column.key === order.key) head.setAttribute("aria-sort", order.down ? "descending" : "ascending");
      const button = element("button", column.name, { type: "button" });
      button.addEventListener("click", () => {
        order = { key: column.key, down: column.key === order.key ? !order.down : Boolean(column.number) };
        list();
        row.children[columns.indexOf(column)].firstChild.focus();
      });
      head.append(button);
      row.append(head);
    }
  }

  function list() {
    heads();
    const body = document.querySelector("#sessions tbody");
    body.replaceChildren();
    const rows = sorted();
    for (const session of rows) {
      const row = element("tr");
      if (session.id === chosen) row.setAttribute("aria-current", "true");
      for (const column of columns) {
        const cell = element("td");
        const text = column.show ? column.show(session[column.key]) : session[column.key] || "";
        if (column.number) cell.className = "number";
        if (column.level) cell.classList.add(session.level || "ok");
        if (column.link) {
          const button = element("button", text || session.id, { type: "button" });
          button.addEventListener("click", () => {
            chosen = session.id;
            list();
            details();
            document.getElementById("details").focus();
          });
          cell.append(button);
        } else {
          cell.textContent = text;
        }
        row.append(cell);
      }
      body.append(row);
    }
    document.getElementById("found").textContent = `${rows.length} of ${data.sessions.length} sessions`;
  }

  function table(title, names, rows) {
    if (!rows.length) return [];
    const made = element("table");
    made.append(element("caption", title, { class: "skip" }));
    const head = element("tr");
    names.forEach((name, place) => head.append(element("th", name, place ? { scope: "col", class: "number" } : { scope: "col" })));
    made.append(element("thead"));
    made.firstChild.nextSibling.append(head);
    const body = element("tbody");
    for (const cells of rows) {
      const row = element("tr");
      cells.forEach((cell, place) => row.append(element("td", cell, place ? { class: "number" } : {})));
      body.append(row);
    }
    made.append(body);
    const wide = element("div", null, { class: "wide" });
    wide.append(made);
    return [element("h3", title), wide];
  }

  function layout(more) {
    return {
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", font: { color: color("ink"), family: "system-ui, sans-serif" },
      margin: { l: 70, r: 20, t: 10, b: 45 }, hoverlabel: { namelength: -1 }, ...more,
    };
  }

  const still = { displayModeBar: false, responsive: true };

  function escaped(text) {
    // Plotly reads a few tags in its texts: none of a stranger's may be one.
    return String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  }

  function drawUsage(plot, session) {
    const at = (list, name, symbol, ink) => ({
      x: list.map((it) => it.time), y: list.map((it) => it.tokens), type: "scatter", mode: "markers", name,
      marker: { symbol, size: 11, color: ink }, hovertemplate: `${name}<br>%{x}<br>%{y:,} tokens<extra></extra>`,
    });
    const line = (y, ink, dash) => ({ type: "line", xref: "paper", x0: 0, x1: 1, y0: y, y1: y, line: { color: ink, width: 1.5, dash } });
    const traces = [
      { x: session.points.map((it) => it.time), y: session.points.map((it) => it.tokens), type: "scatter", mode: "lines",
        line: { shape: "hv", color: color("accent"), width: 2 }, name: "usage", hovertemplate: "%{x}<br>%{y:,} tokens<extra></extra>" },
      at(session.compactions, "compaction", "triangle-down", color("critical")),
      at(session.handoffs, "handoff written", "star", color("ok")),
    ];
    Plotly.newPlot(plot, traces.filter((it) => it.x.length), layout({
      xaxis: { gridcolor: color("line") }, yaxis: { gridcolor: color("line"), rangemode: "tozero", title: { text: "tokens" }, tickformat: ",d" },
      shapes: [line(session.usable, color("critical"), "solid"), line(session.critical, color("critical"), "dot"), line(session.warning, color("warning"), "dash")],
      legend: { orientation: "h" }, showlegend: true,
    }), still);
  }

  function drawFilling(plot, session) {
    const rows = session.filling.filter((it) => it.tokens > 0);
    Plotly.newPlot(plot, [{
      type: "treemap", branchvalues: "total", ids: rows.map((it) => it.id), parents: rows.map((it) => it.parent),
      labels: rows.map((it) => escaped(it.label)), values: rows.map((it) => it.tokens), marker: { colorscale: "Blues" },
      hovertemplate: "%{label}<br>%{value:,} tokens, %{percentRoot:.1%}<extra></extra>", textinfo: "label+percent root",
    }], layout({ margin: { l: 0, r: 0, t: 26, b: 0 } }), still);
  }

  function details() {
    const place = document.getElementById("details");
    place.replaceChildren();
    const session = data.sessions.find((it) => it.id === chosen);
    if (!session) return;
    place.append(element("h2", session.title || session.id));
    const about = [session.project, session.agent, session.model, session.id].filter(Boolean).join(" · ");
    place.append(element("p", about, { class: "dim" }));
    const figures = element("p", null, {});
    figures.append(element("strong", `${tokens(session.tokens)} of ${tokens(session.usable)} usable tokens `, { class: session.level || "ok" }));
    figures.append(`(${percent(session.share)}, ${session.method}), warning at ${tokens(session.warning)}, window ${tokens(session.window)}`);
    place.append(figures);
    for (const line of session.notes) place.append(element("p", line, { class: "dim" }));

    if (session.points.length) {
      place.append(element("h3", "Usage over time"));
      const plot = element("div", null, { class: "plot", role: "img", id: "usage",
        "aria-label": `Usage of the session over time: ${session.points.length} figures, ${session.compactions.length} compactions, ${session.handoffs.length} handoffs` });
      place.append(plot);
      drawUsage(plot, session);
    }
    if (session.filling.length) {
      place.append(element("h3", "What fills the window"));
      const plot = element("div", null, { class: "plot", role: "img", id: "filling", "aria-label": "What fills the window; the table below has the same figures" });
      place.append(plot);
      drawFilling(plot, session);
    }
    for (const part of session.tables) place.append(...table(part.title, part.names, part.rows));
    if (session.document) {
      place.append(element("h3", "The handoff"));
      const article = element("article", null, { "aria-label": "The handoff document" });
      // Made from markdown by us, with raw HTML, links and pictures left out; the page's policy lets nothing run or load.
      article.innerHTML = session.document;
      place.append(article);
    }
  }

  document.getElementById("about").textContent = data.about;
  document.getElementById("search").addEventListener("input", list);
  dark.addEventListener("change", details);
  list();
  details();
})();
