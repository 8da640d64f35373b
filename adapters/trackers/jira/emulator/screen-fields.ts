import type { CustomField } from './set-up.ts';
import type { JiraState } from './state.ts';
import type { Views } from './views.ts';

const schemas: Record<string, { type: string; items?: string }> = {
  issuetype: { type: 'issuetype' },
  project: { type: 'project' },
  labels: { type: 'array', items: 'string' },
  duedate: { type: 'date' },
  priority: { type: 'priority' },
  assignee: { type: 'user' },
  components: { type: 'array', items: 'component' },
  fixVersions: { type: 'array', items: 'version' },
};

const customSchemas = {
  string: { type: 'string', custom: 'com.atlassian.jira.plugin.system.customfieldtypes:textfield' },
  textarea: { type: 'string', custom: 'com.atlassian.jira.plugin.system.customfieldtypes:textarea' },
  number: { type: 'number', custom: 'com.atlassian.jira.plugin.system.customfieldtypes:float' },
  option: { type: 'option', custom: 'com.atlassian.jira.plugin.system.customfieldtypes:select' },
  options: { type: 'array', items: 'option', custom: 'com.atlassian.jira.plugin.system.customfieldtypes:multiselect' },
};

function viewCustomField({ id, name, type, required, values }: CustomField) {
  return {
    fieldId: id,
    key: id,
    name,
    required,
    hasDefaultValue: false,
    operations: ['set'],
    schema: { ...customSchemas[type], system: id, customId: Number(id.replace(/\D/g, '')) },
    ...(values.length > 0 && { allowedValues: values.map((value, index) => ({ id: String(index + 1), value })) }),
  };
}

interface ScreenField {
  fieldId: string;
  required?: boolean;
  allowedValues?: unknown[];
}

function viewSystemField({ fieldId, required = false, ...field }: ScreenField) {
  return {
    fieldId,
    key: fieldId,
    name: fieldId,
    required,
    hasDefaultValue: false,
    operations: ['set'],
    schema: { ...(schemas[fieldId] ?? { type: 'string' }), system: fieldId },
    ...field,
  };
}

/** Fields of the screens of the project. */
export function listScreenFields({ setUp }: JiraState, view: Views) {
  const named = (fieldId: string, names: string[]) =>
    names.length > 0 ? [{ fieldId, allowedValues: names.map((name) => ({ name })) }] : [];
  const system: ScreenField[] = [
    { fieldId: 'summary', required: true },
    { fieldId: 'issuetype', required: true },
    { fieldId: 'project', required: true },
    { fieldId: 'description' },
    { fieldId: 'labels' },
    { fieldId: 'duedate' },
    { fieldId: 'priority', allowedValues: setUp.priorities.map(view.priority) },
    { fieldId: 'assignee' },
    ...named('components', setUp.components),
    ...named('fixVersions', setUp.versions),
  ];
  return [...system.map(viewSystemField), ...setUp.customFields.map(viewCustomField)];
}
