// A small DOM with what the runtime's views use, without layout.

/** @type {Map<string, any[][]>} compiled selectors */
const compiled = new Map();

/** Listeners by type, for document, window and elements. */
export class Target {
  constructor() {
    /** A changed list is a new one. @type {{type: string, listener: any, once: boolean}[] | null} */
    this.listeners = null;
  }

  addEventListener(type, listener, options) {
    const list = this.listeners ?? [];
    if (options?.signal?.aborted || list.some((one) => one.type === type && one.listener === listener)) {
      return;
    }
    this.listeners = [...list, { type, listener, once: Boolean(options?.once) }];
    options?.signal?.addEventListener("abort", () => this.removeEventListener(type, listener));
  }

  removeEventListener(type, listener) {
    this.listeners = this.listeners?.filter((one) => one.type !== type || one.listener !== listener) ?? null;
  }

  /** Calls the listeners, each through `guard`, and then those of the ancestors. */
  dispatchEvent(event, guard = (work) => work()) {
    for (const { type, listener, once } of this.listeners ?? []) {
      if (type === event.type) {
        if (once) {
          this.removeEventListener(type, listener);
        }
        guard(() => (typeof listener === "function" ? listener.call(this, event) : listener.handleEvent(event)));
      }
    }
    if (event.bubbles && !event.stopped) {
      this.around?.dispatchEvent(event, guard);
    }
    return true;
  }
}

/** Chromium's own event, and the signal below, take much longer to make. */
export class CustomEvent {
  constructor(type, { bubbles = false, detail = null } = {}) {
    this.type = type;
    this.bubbles = bubbles;
    this.detail = detail;
    this.stopped = false;
  }
}

// Made once, because creating an exception is slow.
const ABORTED = new DOMException("signal is aborted without reason", "AbortError");

export class AbortController {
  constructor() {
    this.signal = new Target();
    this.signal.aborted = false;
    this.signal.reason = undefined;
  }

  abort() {
    if (!this.signal.aborted) {
      this.signal.aborted = true;
      this.signal.reason = ABORTED;
      this.signal.dispatchEvent({ type: "abort" });
    }
  }
}

export class Node extends Target {
  /** @param {Page} page */
  constructor(page) {
    super();
    this.page = page;
    /** @type {Element | null} */
    this.parentNode = null;
  }

  get parentElement() {
    return this.parentNode;
  }

  get ownerDocument() {
    return this.page.document;
  }

  get around() {
    return this.parentNode ?? (this === this.page.root ? this.page.document : null);
  }

  get isConnected() {
    let node = this;
    while (node.parentNode) {
      node = node.parentNode;
    }
    return node === this.page.root;
  }

  get nextSibling() {
    const siblings = this.parentNode?.childNodes ?? [];
    return siblings[siblings.indexOf(this) + 1] ?? null;
  }

  remove() {
    const parent = this.parentNode;
    if (parent) {
      parent.childNodes.splice(parent.childNodes.indexOf(this), 1);
      this.parentNode = null;
      if (this.isUnit) {
        this.page.tell(this);
      }
      this.page.changed(parent);
      this.page.blurIfGone();
    }
  }

  replaceWith(...nodes) {
    const parent = this.parentNode;
    const at = parent.childNodes.indexOf(this);
    this.remove();
    parent.insertAt(at, nodes);
  }

  before(...nodes) {
    this.parentNode.insertAt(this.parentNode.childNodes.indexOf(this), nodes);
  }

  after(...nodes) {
    this.parentNode.insertAt(this.parentNode.childNodes.indexOf(this) + 1, nodes);
  }
}

export class Text extends Node {
  /** @param {Page} page @param {string} data */
  constructor(page, data) {
    super(page);
    this.data = data;
  }

  get textContent() {
    return this.data;
  }

  set textContent(text) {
    this.data = String(text);
    this.page.changed(this);
  }
}

/** data-* attributes; the state is looked at. */
class DataSet {
  #element;
  #state;
  #unit;

  constructor(element) {
    this.#element = element;
    this.line = undefined;
  }

  get state() {
    return this.#state;
  }

  set state(value) {
    this.#state = String(value);
    this.#element.page.changed(this.#element);
  }

  get runbutton() {
    return this.#unit;
  }

  set runbutton(value) {
    this.#unit = String(value);
    this.#element.isUnit = true;
  }
}

class Style {
  setProperty(name, value) {
    this[name] = value;
  }

  removeProperty(name) {
    delete this[name];
  }
}

/** @type {Map<string, string>} */
const camels = new Map();

/** @param {string} name data-… */
function camel(name) {
  let key = camels.get(name);
  if (key === undefined) {
    key = name.slice(5).replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
    camels.set(name, key);
  }
  return key;
}

class ClassList {
  /** @param {Element} element */
  constructor(element) {
    this.element = element;
  }

  contains(name) {
    return ` ${this.element.className} `.includes(` ${name} `);
  }

  add(...more) {
    for (const name of more) {
      if (!this.contains(name)) {
        this.element.className = `${this.element.className} ${name}`.trim();
      }
    }
  }

  remove(...less) {
    for (const name of less) {
      if (this.contains(name)) {
        this.element.className = this.element.className.split(" ").filter((one) => one !== name).join(" ");
      }
    }
  }

  toggle(name, on = !this.contains(name)) {
    if (on) {
      this.add(name);
    } else {
      this.remove(name);
    }
    return on;
  }
}

export class Element extends Node {
  /** @param {Page} page @param {string} tag */
  constructor(page, tag) {
    super(page);
    this.localName = tag;
    this.isUnit = false;
    /** @type {any[]} */
    this.childNodes = [];
    this.className = "";
    /** @type {Record<string, string>} */
    this.attributes = {};
    // Few elements have these.
    this.ownData = null;
    this.ownStyle = null;
    this.ownClassList = null;
    /** What sight.js has found in it. */
    this.parts = null;
  }

  get dataset() {
    return (this.ownData ??= new DataSet(this));
  }

  get style() {
    return (this.ownStyle ??= new Style());
  }

  get tagName() {
    return this.localName.toUpperCase();
  }

  get nodeType() {
    return 1;
  }

  // Attributes

  setAttribute(name, value) {
    if (name === "class") {
      this.className = String(value);
    } else if (name.startsWith("data-")) {
      this.dataset[camel(name)] = String(value);
    } else {
      this.attributes[name] = String(value);
    }
    this.page.changed(this);
  }

  getAttribute(name) {
    const value =
      name === "class" ? this.className : name.startsWith("data-") ? this.ownData?.[camel(name)] : this.attributes[name];
    return value ?? null;
  }

  hasAttribute(name) {
    return this.getAttribute(name) !== null;
  }

  removeAttribute(name) {
    if (name.startsWith("data-")) {
      this.dataset[camel(name)] = undefined;
    } else {
      // Deleting it would make every later read of an attribute slow.
      this.attributes[name] = undefined;
    }
    this.page.changed(this);
  }

  toggleAttribute(name, on = !this.hasAttribute(name)) {
    if (on !== this.hasAttribute(name)) {
      on ? this.setAttribute(name, "") : this.removeAttribute(name);
    }
    return on;
  }

  get classList() {
    return (this.ownClassList ??= new ClassList(this));
  }

  // The tree

  get children() {
    return this.childNodes.filter((node) => node instanceof Element);
  }

  get firstElementChild() {
    return this.children[0] ?? null;
  }

  get firstChild() {
    return this.childNodes[0] ?? null;
  }

  insertAt(at, nodes) {
    for (const node of nodes) {
      const child = node instanceof Node ? node : new Text(this.page, String(node));
      if (child.parentNode) {
        const here = child.parentNode.childNodes;
        const was = here.indexOf(child);
        here.splice(was, 1);
        if (child.parentNode === this && was < at) {
          at -= 1;
        }
      }
      child.parentNode = this;
      if (at === this.childNodes.length) {
        this.childNodes.push(child);
      } else {
        this.childNodes.splice(at, 0, child);
      }
      at += 1;
      if (child.isUnit) {
        this.page.tell(child);
      }
    }
    this.page.changed(this);
  }

  append(...nodes) {
    this.insertAt(this.childNodes.length, nodes);
  }

  prepend(...nodes) {
    this.insertAt(0, nodes);
  }

  appendChild(node) {
    this.append(node);
    return node;
  }

  insertBefore(node, other) {
    this.insertAt(other ? this.childNodes.indexOf(other) : this.childNodes.length, [node]);
    return node;
  }

  removeChild(node) {
    node.remove();
    return node;
  }

  replaceChildren(...nodes) {
    for (const child of this.childNodes) {
      child.parentNode = null;
    }
    this.childNodes = [];
    this.append(...nodes);
    this.page.blurIfGone();
  }

  contains(node) {
    let one = node;
    while (one && one !== this) {
      one = one.parentNode;
    }
    return one === this;
  }

  get textContent() {
    const { childNodes } = this;
    if (childNodes.length === 1) {
      return childNodes[0].textContent;
    }
    let text = "";
    for (const child of childNodes) {
      text += child.textContent;
    }
    return text;
  }

  set textContent(text) {
    const [only] = this.childNodes;
    if (this.childNodes.length === 1 && only instanceof Text) {
      only.data = String(text ?? "");
      this.page.changed(this);
    } else {
      this.replaceChildren(...(text === "" || text === null ? [] : [new Text(this.page, String(text))]));
    }
  }

  // Selectors: compounds of tag, #id, .class, [attribute] and [attribute="value"], with " " and ">" between, and lists.

  matches(selector) {
    return compiledOf(selector).some((parts) => fits(this, parts, parts.length - 1, null));
  }

  closest(selector) {
    let one = this;
    while (one && !one.matches(selector)) {
      one = one.parentNode;
    }
    return one;
  }

  querySelectorAll(selector) {
    const found = [];
    seek(this, compiledOf(selector), this, found, Infinity);
    return found;
  }

  querySelector(selector) {
    const found = [];
    seek(this, compiledOf(selector), this, found, 1);
    return found[0] ?? null;
  }

  // What a page does with an element

  focus() {
    if (this.isConnected && !this.disabled) {
      this.page.active = this;
    }
  }

  blur() {
    if (this.page.active === this) {
      this.page.active = this.page.body;
    }
  }

  click() {
    if (!this.disabled) {
      this.dispatchEvent(
        { type: "click", target: this, bubbles: true, preventDefault() {}, stopPropagation() { this.stopped = true; } }, // prettier-ignore
        this.page.guard,
      );
    }
  }

  getBoundingClientRect() {
    return this.page.rectangleOf(this);
  }

  scrollIntoView() {}
  animate() {
    return { cancel() {}, finished: Promise.resolve() };
  }
}

for (const [property, name] of [["hidden"], ["disabled"], ["open"], ["checked"], ["inert"]].map(([one]) => [one, one])) {
  Object.defineProperty(Element.prototype, property, {
    get() {
      return this.attributes[name] !== undefined;
    },
    set(on) {
      this.toggleAttribute(name, Boolean(on));
      if (on && name === "disabled" && this.page.active === this) {
        this.page.active = this.page.body;
      }
    },
  });
}
for (const [property, name] of [["id", "id"], ["href", "href"], ["title", "title"], ["type", "type"], ["value", "value"], ["tabIndex", "tabindex"], ["lang", "lang"], ["role", "role"], ["ariaLive", "aria-live"]]) { // prettier-ignore
  Object.defineProperty(Element.prototype, property, {
    get() {
      return this.attributes[name] ?? "";
    },
    set(value) {
      this.setAttribute(name, value);
    },
  });
}
for (const name of ["offsetTop", "offsetHeight", "offsetWidth", "clientHeight", "clientWidth", "scrollHeight", "scrollWidth"]) {
  Object.defineProperty(Element.prototype, name, { value: 0 });
}

class Document extends Target {
  /** @param {Page} page @param {() => boolean} isHidden */
  constructor(page, isHidden) {
    super();
    this.page = page;
    this.isHidden = isHidden;
    this.title = "kintone";
    this.defaultView = null;
  }

  get hidden() {
    return this.isHidden();
  }

  get visibilityState() {
    return this.hidden ? "hidden" : "visible";
  }

  get documentElement() {
    return this.page.root;
  }

  get head() {
    return this.page.head;
  }

  get body() {
    return this.page.body;
  }

  get activeElement() {
    return this.page.active;
  }

  hasFocus() {
    return !this.hidden;
  }

  createElement(tag) {
    return new Element(this.page, tag);
  }

  createElementNS(space, tag) {
    return new Element(this.page, tag);
  }

  createTextNode(text) {
    return new Text(this.page, text);
  }

  getElementById(id) {
    return this.page.root.querySelector(`#${id}`);
  }

  querySelector(selector) {
    return this.page.root.querySelector(selector);
  }

  querySelectorAll(selector) {
    return this.page.root.querySelectorAll(selector);
  }
}

/** The tree of one page, and its surroundings. */
export class Page {
  /**
   * @param {(unit: any) => void} changed called when the readable text of a unit's element has changed
   * @param {(work: () => void) => void} guard calls listeners
   * @param {() => boolean} isHidden
   * @param {boolean} isScrolled whether the user has scrolled on
   */
  constructor(changed, guard, isHidden, isScrolled) {
    this.tell = changed;
    this.guard = guard;
    this.isScrolled = isScrolled;
    this.root = new Element(this, "html");
    this.head = new Element(this, "head");
    this.body = new Element(this, "body");
    this.root.append(this.head, this.body);
    this.active = this.body;
    this.document = new Document(this, isHidden);
  }

  /**
   * A node has changed: changes outside a unit's element, or only of the time, are ignored.
   *
   * @param {any} node
   */
  changed(node) {
    if (isClock(node)) {
      return;
    }
    for (let one = node; one; one = one.parentNode) {
      if (one.isUnit) {
        this.tell(one);
        return;
      }
      if (one.ownData?.line !== undefined) {
        const unit = unitOf(one);
        if (unit) {
          this.tell(unit);
        }
        return;
      }
    }
  }

  blurIfGone() {
    if (this.active !== this.body && !this.active.isConnected) {
      this.active = this.body;
    }
  }

  rectangleOf(element) {
    return this.isScrolled || !element.isConnected ? AWAY : SEEN;
  }
}

const SEEN = { top: 10, bottom: 50, left: 0, right: 100, width: 100, height: 40 };
const AWAY = { ...SEEN, top: -90, bottom: -50 };

/** The unit's element of a line: the buttons come before the lines. @param {any} line */
export function unitOf(line) {
  return siblingOf(line, 0, ({ dataset }) => dataset.runbutton === line.dataset.line);
}

/** @param {any} unit */
export function lineOf(unit) {
  return siblingOf(unit, 1, ({ dataset }) => dataset.line === unit.dataset.runbutton);
}

/** In the other one of a place's two lists. */
function siblingOf(element, list, fits) {
  return element.parentNode?.parentNode?.childNodes[list]?.childNodes.find(fits) ?? null;
}

const CLOCKS = new Set(["rb-time", "rb-took", "rb-bar", "rb-usual"]);

/** Text that changes every second is ignored. @param {any} node */
export function isClock({ className }) {
  return CLOCKS.has(className);
}

const COMPOUND = /([\w-]+|\*)|#([\w-]+)|\.([\w-]+)|\[([\w-]+)(?:="([^"]*)")?\]|:(scope|not\([^)]*\))/gy;

/** @param {string} selector */
function compiledOf(selector) {
  let lists = compiled.get(selector);
  if (!lists) {
    lists = splitOutside(selector, ",").map((one) => {
      const parts = [];
      let direct = false;
      for (const text of splitOutside(one.trim().replace(/\s*>\s*/g, " > "), " ")) {
        if (text === ">") {
          direct = true;
        } else if (text) {
          parts.push({ direct, tests: testsOf(text) });
          direct = false;
        }
      }
      return parts;
    });
    compiled.set(selector, lists);
  }
  return lists;
}

/** @param {string} text @param {string} mark */
function splitOutside(text, mark) {
  const parts = [""];
  let depth = 0;
  for (const sign of text) {
    depth += Number(sign === "[" || sign === "(") - Number(sign === "]" || sign === ")");
    if (sign === mark && !depth) {
      parts.push("");
    } else {
      parts[parts.length - 1] += sign;
    }
  }
  return parts;
}

/** @param {string} text */
function testsOf(text) {
  const tests = [];
  COMPOUND.lastIndex = 0;
  while (COMPOUND.lastIndex < text.length) {
    const found = COMPOUND.exec(text);
    if (!found) {
      throw new Error(`The worlds' DOM does not know this selector: ${text}`);
    }
    const [, tag, id, name, attribute, value, pseudo] = found;
    if (tag && tag !== "*") {
      tests.push((element) => element.localName === tag);
    } else if (id) {
      tests.push((element) => element.attributes.id === id);
    } else if (name) {
      tests.push(({ className }) => className === name || (className.includes(name) && ` ${className} `.includes(` ${name} `)));
    } else if (attribute) {
      tests.push((element) => {
        const is = element.getAttribute(attribute);
        return value === undefined ? is !== null : is === value;
      });
    } else if (pseudo === "scope") {
      tests.push((element, scope) => element === scope);
    } else if (pseudo) {
      const inner = pseudo.slice(4, -1);
      tests.push((element) => !element.matches(inner));
    }
  }
  return tests;
}

function fits(element, parts, at, scope) {
  const { direct, tests } = parts[at];
  for (const test of tests) {
    if (!test(element, scope)) {
      return false;
    }
  }
  if (!at) {
    return true;
  }
  for (let one = element.parentNode; one; one = one.parentNode) {
    if (fits(one, parts, at - 1, scope)) {
      return true;
    }
    if (direct) {
      return false;
    }
  }
  return false;
}

function seek(element, lists, scope, found, most) {
  for (const child of element.childNodes) {
    if (child.childNodes) {
      for (const parts of lists) {
        if (fits(child, parts, parts.length - 1, scope)) {
          found.push(child);
          break;
        }
      }
      if (found.length < most) {
        seek(child, lists, scope, found, most);
      }
      if (found.length >= most) {
        return;
      }
    }
  }
}
