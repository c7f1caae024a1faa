// Shows the regions that Python writes, keeps focus and what is unfolded, and sends what is asked back. It loads nothing.

const REGIONS = [
  "head", "headline", "status", "board", "forecast", "figures", "network", "weeks", "actor", "why", "choosing", "story",
  "seen", "news", "ahead", "kept", "sides", "address",
]
const SIGNS = ["×", "?", "○", "✓"]

export function render({model, el}) {
  const root = document.createElement("div")
  root.className = "sim"
  root.innerHTML = model.shell
  const unfolded = new Map()
  const player = {week: 0, timer: null}
  const find = (selector) => root.querySelector(selector)
  const ask = (what) => model.send_msg(what)
  const fragment = () => location.hash.slice(1)
  let opened = model.addressed ? fragment() : ""

  function patch(region, html = model[region]) {
    if (region === "address") return write(html)
    const place = find(`[data-region=${region}]`)
    if (!html && !place.dataset.filled) return
    const held = root.getRootNode().activeElement
    const id = held && place.contains(held) ? held.id : ""
    place.innerHTML = html
    place.dataset.filled = "yes"
    for (const each of place.querySelectorAll("details[id]")) {
      if (unfolded.has(each.id)) each.open = unfolded.get(each.id)
    }
    if (id) root.querySelector(`#${CSS.escape(id)}`)?.focus({preventScroll: true})
    if (region === "head") {
      const tab = find("[data-turn]")?.dataset.turn
      if (tab) turn(find(`#tab-${tab}`), false)
    }
    if (region === "weeks" || region === "network") show()
    if (region === "weeks") stop()
    if (region === "seen") fit()
    if (region === "actor" && player.chosen) {
      find("#actor-name")?.focus({preventScroll: false})
      player.chosen = false
    }
  }

  // --- the state in the address, so that it can be shared ---

  function write(address) {
    if (!model.addressed || opened || address === fragment()) return
    history.replaceState(null, "", address ? `#${address}` : location.pathname + location.search)
  }

  function follow() {
    if (model.addressed && fragment() && fragment() !== model.address) ask({do: "follow", state: fragment()})
  }

  async function copy() {
    const link = location.href.split("#")[0] + (model.address ? `#${model.address}` : "")
    let words = "Link copied"
    try {
      await navigator.clipboard.writeText(link)
    } catch {
      words = "The link is this page's address"
    }
    find("[data-region=status]").textContent = `${words}.`
  }

  // --- one run, week by week ---

  function weeks() {
    const place = find("[data-weeks]")
    return place ? JSON.parse(place.dataset.weeks) : []
  }

  function show() {
    const states = weeks()
    if (!states.length) return
    player.week = Math.min(player.week, states.length - 1)
    const now = states[player.week]
    const slider = find("[data-week]")
    slider.value = player.week
    slider.setAttribute("aria-valuetext", `week ${now.week}`)
    find("#now").textContent = `week ${now.week}`
    find("#state").textContent = now.state
    find("#events").replaceChildren(...now.events.map((text) => {
      const line = document.createElement("li")
      line.textContent = text
      return line
    }))
    for (const node of root.querySelectorAll("[data-node]")) {
      const stage = now.stages[node.dataset.node]
      const known = stage !== undefined
      node.querySelector("circle").setAttribute("class", known ? `stage${stage}` : "principal")
      const sign = node.querySelector(".sign")
      sign.textContent = known ? SIGNS[stage] : ""
      sign.setAttribute("class", known ? `sign stage${stage}` : "sign")
    }
  }

  function stop() {
    clearInterval(player.timer)
    player.timer = null
    const button = find("[data-play]")
    if (button) button.textContent = "Play"
  }

  function play() {
    if (player.timer) return stop()
    if (player.week >= weeks().length - 1) player.week = -1
    find("[data-play]").textContent = "Pause"
    const step = () => {
      player.week += 1
      show()
      if (player.week >= weeks().length - 1) stop()
    }
    step()
    player.timer = setInterval(step, 350)
  }

  // --- tabs ---

  function turn(tab, byHand = true) {
    for (const each of root.querySelectorAll("[role=tab]")) {
      const chosen = each === tab
      each.setAttribute("aria-selected", chosen)
      each.tabIndex = chosen ? 0 : -1
      find(`#panel-${each.dataset.tab}`).hidden = !chosen
    }
    if (!byHand) return
    tab.focus()
    ask({do: "look", tab: tab.dataset.tab})
  }

  root.addEventListener("keydown", (event) => {
    const tab = event.target.closest("[role=tab]")
    if (!tab) return
    const all = [...root.querySelectorAll("[role=tab]")]
    const at = all.indexOf(tab)
    const to = {ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1}[event.key]
    if (to === undefined) return
    event.preventDefault()
    turn(all[(to + all.length) % all.length])
  })

  root.addEventListener("keydown", (event) => {
    const inside = event.target.closest("#panel-observations")
    if (event.key === "Escape" && inside && !event.defaultPrevented && !event.isComposing) ask({do: "stop"})
  })

  // --- requests ---

  function request(place) {
    const {do: what, with: beside, now, ...rest} = place.dataset
    return {do: what, ...rest, ...(beside ? {text: find(`#${beside}`).value} : {})}
  }

  // of an observation, only what belongs to the thing seen is shown and sent
  function fit() {
    const subject = find("[data-subject]")?.value
    for (const row of root.querySelectorAll("[data-of]")) {
      row.hidden = row.dataset.of !== subject
      for (const each of row.querySelectorAll("select, input")) each.disabled = row.hidden
    }
  }

  root.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]")
    if (tab) return turn(tab)
    if (event.target.closest("[data-play]")) return play()
    if (event.target.closest("[data-copy]")) return copy()
    const jump = event.target.closest("[data-jump]")
    if (jump) return find(`#${jump.dataset.jump}`).focus()
    const place = event.target.closest("button[data-do], g[data-do]")
    if (!place || place.getAttribute("aria-disabled") === "true") return
    const {node, ...asked} = request(place)
    player.chosen = asked.do === "actor"
    ask(asked)
  })
  root.addEventListener("change", (event) => {
    if (event.target.matches("input[type=radio][data-do]")) ask(request(event.target))
    if (event.target.matches("[data-subject]")) fit()
    if (event.target.matches("[data-fill]")) {
      const place = find(`#${event.target.dataset.fill}`)
      event.target.files[0]?.text().then((text) => { place.value = text })
    }
    event.target.closest("form[data-now]")?.requestSubmit()
  })
  root.addEventListener("input", (event) => {
    if (!event.target.matches("[data-week]")) return
    stop()
    player.week = Number(event.target.value)
    show()
  })
  root.addEventListener("submit", (event) => {
    event.preventDefault()
    ask({...request(event.target), ...Object.fromEntries(new FormData(event.target))})
  })
  root.addEventListener("toggle", (event) => {
    if (event.target.id) unfolded.set(event.target.id, event.target.open)
  }, true)

  model.on("msg:custom", (event) => {
    const file = event.data ?? event
    if (file.regions) {
      for (const [region, html] of Object.entries(file.regions)) patch(region, html)
      if (opened) {
        opened = ""
        follow()
      }
      return
    }
    const bytes = Uint8Array.from(atob(file.content), (sign) => sign.charCodeAt(0))
    const link = document.createElement("a")
    link.href = URL.createObjectURL(new Blob([bytes], {type: file.kind}))
    link.download = file.name
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 10000)
  })

  el.append(root)
  for (const region of REGIONS) {
    patch(region)
    model.on(region, () => patch(region))
  }
  window.addEventListener("hashchange", follow)
  model.on("remove", () => {
    stop()
    window.removeEventListener("hashchange", follow)
  })
  ask({do: "hello"})  // what changed while the page was being set up may not have reached it
}
