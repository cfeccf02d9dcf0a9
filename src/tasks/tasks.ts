export { model, taskResource } from './model.ts'
