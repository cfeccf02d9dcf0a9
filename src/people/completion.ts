import type { Call } from './call.ts'
import { commands } from './commands.ts'
import { Failure } from './failure.ts'
import { clean } from './text.ts'
import { write } from './terminal.ts'

/** The commands of the operator, which a person may complete too. */
const operator = [
  'serve',
  'migrate',
  'backup',
  'check',
  'restored',
  'copy',
  'user',
  'password',
  'invite',
  'openapi',
]

const optionsOf = (name: string): string[] =>
  [...Object.keys(commands[name]?.options ?? {}), 'help'].map((option) => `--${option}`)
const names = () => [...Object.keys(commands), 'help', ...operator]

/** Prints what a shell loads to complete commands and their options. */
export async function completion({ words: [shell = ''], terminal }: Call): Promise<void> {
  const script = { bash, zsh, fish }[shell]
  if (!script)
    throw new Failure('usage', `There is a completion for bash, zsh and fish, not for ${clean(shell)}.`)
  await write(terminal.output, script())
}

function bash(): string {
  const cases = Object.keys(commands).map((name) => `    ${name}) words='${optionsOf(name).join(' ')}' ;;`)
  return `# In ~/.bashrc: source <(docket completion bash)
_docket() {
  local words=''
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${names().join(' ')}' -- "\${COMP_WORDS[1]}"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    completion) words='bash zsh fish' ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _docket docket
`
}

function zsh(): string {
  const described = Object.entries(commands).map(
    ([name, { about }]) => `    ${quote(`${name}:${about.replaceAll(':', ' -')}`)}`,
  )
  const cases = Object.entries(commands).map(([name, { options }]) => {
    const all = Object.entries(options).map(([option, { about, type, value }]) => {
      const taken = type === 'string' ? `:${value}:` : ''
      return quote(`--${option}[${about.replaceAll(/[[\]:]/g, ' ')}]${taken}`)
    })
    return `    ${name}) _arguments ${all.join(' ')} '*::' ;;`
  })
  return `#compdef docket
# In ~/.zshrc, after compinit: source <(docket completion zsh)
_docket() {
  local -a known=(
${described.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command known
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
    completion) _values shell bash zsh fish ;;
${cases.filter((line) => !line.startsWith('    completion)')).join('\n')}
  esac
}
compdef _docket docket
`
}

function fish(): string {
  const lines = Object.entries(commands).flatMap(([name, { about, options }]) => [
    `complete -c docket -n __fish_use_subcommand -a ${name} -d ${quote(about)}`,
    ...Object.entries(options).map(([option, { about: what, type }]) => {
      const taken = type === 'string' ? ' -x' : ''
      return `complete -c docket -n '__fish_seen_subcommand_from ${name}' -l ${option}${taken} -d ${quote(what)}`
    }),
  ])
  return `# docket completion fish > ~/.config/fish/completions/docket.fish
complete -c docket -f
${lines.join('\n')}
complete -c docket -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'
`
}

/** As a word for all three shells. */
const quote = (text: string) => `'${text.replaceAll("'", '’')}'`
