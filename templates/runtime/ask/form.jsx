/** @jsx h */
import { h } from "../view/element.js";
import { cleaned, mistakeIn } from "./rules.js";
/** @import { Say } from "../view/say.js" */
/** @import { Input } from "./rules.js" */

/**
 * The form of a unit's inputs. A mistake is told at its field, and from then on while it is corrected.
 *
 * @param {string} unitId
 * @param {Input[]} inputs
 * @param {Record<string, string>} values that are there first, by the inputs' names
 * @param {Say} say
 * @param {() => void} enter called for the key Enter in a field
 */
export function createForm(unitId, inputs, values, say, enter) {
  const rows = inputs.map((input) => createRow(unitId, input, values[input.name], say));
  const element = (
    <form class="rb-form" noValidate onSubmit={(/** @type {Event} */ event) => event.preventDefault()}>
      {rows.map((row) => row.element)}
    </form>
  );
  element.addEventListener("keydown", (event) => {
    // The Enter that ends the input of Japanese is no answer: Safari tells it by the key code alone, after the composition.
    const isInput = event.isComposing || event.keyCode === 229;
    // A select opens with Enter.
    if (event.key === "Enter" && !isInput && event.target instanceof HTMLInputElement) {
      event.preventDefault();
      // The Enter that opened the form may be held down.
      if (!event.repeat) {
        enter();
      }
    }
  });
  return {
    element,

    focus: () => rows[0].control.focus(),

    /** @returns {Record<string, string> | null} null if something is wrong: it is told, and the first such field has the focus */
    read() {
      const wrong = rows.filter((row) => !row.check());
      wrong[0]?.control.focus();
      // mutant anything-goes: return Object.fromEntries(rows.map(({ name, value }) => [name, value()]));
      return wrong.length ? null : Object.fromEntries(rows.map(({ name, value }) => [name, value()]));
    },
  };
}

/** @param {string} unitId @param {Input} input @param {string} first @param {Say} say */
function createRow(unitId, input, first, say) {
  const id = `rb-ask-${unitId}-${input.name}`;
  const about = { id, "aria-required": Boolean(input.required) };
  const wrong = <p class="rb-wrong" id={`${id}-wrong`} hidden />;
  const example = input.example ? (
    <p class="rb-example" id={`${id}-example`}>
      {say("input.example", { example: input.example })}
    </p>
  ) : null;
  const control = /** @type {HTMLInputElement | HTMLSelectElement} */ (
    input.choices ? (
      <select {...about}>
        {!(input.required && first) && <option value="">{say("input.nothing")}</option>}
        {input.choices.map(({ value, label }) => (
          <option value={value}>{say(label)}</option>
        ))}
      </select>
    ) : (
      <input
        {...about}
        type={input.type === "date" ? "date" : "text"}
        inputmode={input.type === "number" && "decimal"}
        autocomplete="off"
        min={input.type === "date" && input.min}
        max={input.type === "date" ? (input.max ?? "9999-12-31") : false}
      />
    )
  );
  control.value = first;
  const value = () => cleaned(input, control.value);
  function check() {
    // A date of which only a part is there has no value.
    const isPart = input.type === "date" && control.validity?.badInput;
    const mistake = mistakeIn(input, isPart ? "?" : value());
    control.setAttribute("aria-invalid", String(mistake !== null));
    wrong.textContent = mistake ? say(mistake.text, mistake.values) : "";
    describe(mistake ? wrong : example);
    return mistake === null;
  }
  /** @param {HTMLElement | null} words either what is wrong or the example */
  function describe(words) {
    wrong.hidden = words !== wrong;
    example?.toggleAttribute("hidden", words !== example);
    control.setAttribute("aria-describedby", words?.id ?? "");
  }
  describe(example);
  for (const type of ["input", "change"]) {
    control.addEventListener(type, () => !wrong.hidden && check());
  }
  const element = (
    <div class="rb-row">
      <label for={id}>
        {say(input.label)}
        {input.required && (
          <span class="rb-must" aria-hidden="true">
            *
          </span>
        )}
      </label>
      {control}
      {wrong}
      {example}
    </div>
  );
  return { name: input.name, element, control, value, check };
}
