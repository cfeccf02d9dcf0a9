import { themes, theme, setTheme } from '../state/theme.ts'

const words = { system: 'As the system', light: 'Light', dark: 'Dark' }

/** Light or dark, in this browser. */
export const Theme = () => (
  <section class="card">
    <h2>Theme</h2>
    <fieldset class="choices">
      <legend class="unseen">Theme</legend>
      {themes.map((one) => (
        <label key={one}>
          <input type="radio" name="theme" checked={theme.value === one} onChange={() => setTheme(one)} />
          {words[one]}
        </label>
      ))}
    </fieldset>
  </section>
)
