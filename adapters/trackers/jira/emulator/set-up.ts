/** A status of the workflow, and its category. */
export interface Status {
  id: string;
  name: string;
  category: { id: number; key: string; name: string; colorName: string };
}

const categories = {
  new: { id: 2, key: 'new', name: 'To Do', colorName: 'blue-gray' },
  indeterminate: { id: 4, key: 'indeterminate', name: 'In Progress', colorName: 'yellow' },
  done: { id: 3, key: 'done', name: 'Done', colorName: 'green' },
};

export const toStatus = (id: string, name: string, category: keyof typeof categories): Status => ({
  id,
  name,
  category: categories[category],
});

/** A custom field of the project. */
export interface CustomField {
  id: string;
  name: string;
  type: 'string' | 'textarea' | 'number' | 'option' | 'options';
  required: boolean;
  values: string[];
}

/** How a company has set up its project. Tests may change it at any time. */
export interface JiraSetUp {
  priorities: string[];
  resolutions: string[];
  statuses: Status[];
  /** Statuses that can be reached from each; from others every status can. */
  moves: Record<string, string[]>;
  /** Fields that a transition to a status demands. */
  demands: Record<string, string[]>;
  /** Resolution that a closing sets where none is given. */
  closingResolution: string | null;
  customFields: CustomField[];
  components: string[];
  versions: string[];
  /** Fields that are missing on the edit screen. */
  offEditScreen: string[];
  /** Fields whose values are refused, with the value in the message. */
  refusedFields: string[];
  /** Requests that are refused for a missing permission: `PUT /issue/`. */
  forbidden: string[];
}

export const usualSetUp = (): JiraSetUp => ({
  priorities: ['Highest', 'High', 'Medium', 'Low', 'Lowest'],
  resolutions: ['Done', "Won't Do", 'Duplicate', 'Cannot Reproduce'],
  statuses: [
    toStatus('1', 'To Do', 'new'),
    toStatus('2', 'In Progress', 'indeterminate'),
    toStatus('3', 'Done', 'done'),
  ],
  moves: {},
  demands: {},
  closingResolution: 'Done',
  customFields: [],
  components: [],
  versions: [],
  offEditScreen: [],
  refusedFields: [],
  forbidden: [],
});
