import { render } from 'preact'
render(<p>Docket</p>, document.body)
