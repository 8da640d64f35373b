import * as z from 'zod';
import { IntegrationError } from '#domain/base/errors.ts';
import type { Clock } from '#domain/base/ports.ts';
import { fieldOfPart, splitEdit } from '#domain/cases/edit-parts.ts';
import type {
  CommentDraft,
  IssueClosure,
  IssueComment,
  IssueDraft,
  IssueEdit,
  IssueSnapshot,
  ReadBackSearch,
  Whereabouts,
} from '#domain/integrations/issue.ts';
import type { Mailer, MailMessage } from '#domain/integrations/mailer.ts';
import type { SetUpCheck, Tracker } from '#domain/integrations/tracker.ts';
import { dayMs } from '#domain/time/units.ts';
import { FakeHooks } from '#test/emulators/fake-hooks.ts';

/** Fault of a call: without effect (`before`), or with effect but a lost answer (`after`). */
export interface Fault {
  error: IntegrationError;
  when: 'before' | 'after';
}

export const lost = (when: Fault['when'] = 'after'): Fault => ({
  error: new IntegrationError('unknown', 'call', { detail: 'no answer' }),
  when,
});
export const refused = (code: IntegrationError['code'], status: number, retryAfterMs: number | null = null): Fault => ({
  error: new IntegrationError(code, 'call', { status, retryAfterMs }),
  when: 'before',
});

interface FakeIssue {
  snapshot: IssueSnapshot;
  draft: IssueDraft;
  title: string;
  body: string;
  comments: (IssueComment & { ref: string | null })[];
  links: string[];
  reachable: boolean;
  /** Account of the creator; a person's copy of our issue carries our marker too. */
  author: string;
  madeAt: number;
  /** Reason why the issue is not shown; by default the tracker's `hides`. */
  gone?: Exclude<Whereabouts['kind'], 'here'>;
  /** Keys before the issue moved. */
  formerKeys: string[];
}

/** Account of Caselite in a tracker in memory. */
const ownAccount = 'caselite';

const writes = new Set(['delete', 'create', 'edit', 'close', 'reopen', 'comment', 'link', 'send']);

class Faulty {
  readonly calls: { what: string; at: number }[] = [];
  /** The next faults, by name of the call. */
  readonly faults = new Map<string, Fault[]>();
  /** A fault of every call of that name, until it is removed. */
  readonly always = new Map<string, Fault>();
  /** A fault of the next call that changes something, whatever its name. */
  nextWrite: Fault | null = null;
  /** Answer to every call, as from a host that refuses our token. */
  refusal: IntegrationError | null = null;
  /** Answer to every call that changes something, as from an archived place. */
  writeRefusal: IntegrationError | null = null;
  /** Calls for which our account lacks the permission. */
  readonly forbidden = new Set<string>();
  protected readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  fail(what: string, ...faults: Fault[]): void {
    this.faults.set(what, [...(this.faults.get(what) ?? []), ...faults]);
  }

  count(what: string): number {
    return this.calls.filter((call) => call.what === what).length;
  }

  protected async call<Result>(what: string, work: () => Result): Promise<Result> {
    this.calls.push({ what, at: this.clock.now() });
    if (this.refusal) throw this.refusal;
    if (this.writeRefusal && writes.has(what)) throw this.writeRefusal;
    if (this.forbidden.has(what)) throw new IntegrationError('auth', what, { status: 403, detail: 'no permission' });
    const fault = this.faults.get(what)?.shift() ?? this.always.get(what) ?? this.#faultOfWrite(what);
    if (fault?.when === 'before') throw fault.error;
    const result = work();
    if (fault) throw fault.error;
    return result;
  }

  #faultOfWrite(what: string): Fault | null {
    if (!writes.has(what)) return null;
    const fault = this.nextWrite;
    this.nextWrite = null;
    return fault;
  }
}

const reopened = { state: 'open', closure: null, status: { name: 'open', class: 'open' } } as const;

/** A tracker in memory, held against the contract of all trackers. */
export class FakeTracker extends Faulty implements Tracker {
  /** Visibility of issues. */
  place: 'public' | 'private' | 'unknown' = 'private';
  readonly issues: FakeIssue[] = [];
  /** Labels, `the assignee` and `the due date`, that the tracker drops silently. */
  readonly drops = new Set<string>();
  /** Refusals by the field that a call contains, and of closings. */
  readonly refuses = new Map<string, IntegrationError>();
  /** A field that every new issue must have; null where none is demanded. */
  demandedField: string | null = null;
  /** The reported location of a hidden issue. */
  hides: Exclude<Whereabouts['kind'], 'here'> = 'missing';
  /** The tracker's own states of open issues. */
  readonly states: string[] = [];
  /** Delay of an answer after the tracker has acted, in milliseconds. */
  answerTakes = 0;
  /** Delay until lists and searches show a change, in milliseconds. */
  listLagMs = 0;
  /** Whether the place is hidden from our account. */
  isHidden = false;
  /** Whether issues have a priority of the tracker's own; without it the labels decide. */
  hasPriority = true;
  addSubIssue: Tracker['addSubIssue'] = async (parent, draft) => {
    this.#issue(parent);
    return this.createIssue(draft);
  };
  linkIssues: Tracker['linkIssues'] = (id, other) =>
    this.call('link', () => {
      this.#issue(id).links.push(other);
    });
  listOwnIssuesWithMarker: Tracker['listOwnIssuesWithMarker'] = ({ marker }) =>
    this.call('duplicate issues', () => this.#marked(marker).map(({ snapshot }) => snapshot));
  readonly fakeHooks = new FakeHooks();
  hooks = this.fakeHooks.registrar(async (what, _, work) => await this.call(what, work));
  visibility: SetUpCheck['visibility'] = () => this.call('visibility', () => this.place);
  check: SetUpCheck['check'] = () => this.call('check', () => []);
  readonly #prefix: string;
  readonly #advance: (ms: number) => void;

  constructor(prefix: string, clock: Clock, advance: (ms: number) => void) {
    super(clock);
    this.#prefix = prefix;
    this.#advance = advance;
  }

  floor() {
    return this.call('floor', () => {
      this.#requirePlace();
      return String(this.issues.length);
    });
  }

  createIssue(draft: IssueDraft) {
    return this.call('create', () => {
      this.#requirePlace();
      const refusal = this.refuses.get('title') ?? this.#missingField(draft);
      if (refusal) throw refusal;
      return this.#add(this.refuses.has('assignee') ? { ...draft, assignee: null } : draft, ownAccount).snapshot;
    });
  }

  #add(draft: IssueDraft, author: string): FakeIssue {
    const number = this.issues.length + 1;
    const now = this.clock.now();
    const issue: FakeIssue = {
      snapshot: {
        id: String(number),
        key: `${this.#prefix}-${number}`,
        url: `https://tracker.test/${this.#prefix}-${number}`,
        title: draft.title,
        state: 'open',
        status: { name: 'open', class: 'open' },
        closure: null,
        labels: this.#kept(draft.labels.map(({ name }) => name)),
        assignee: this.drops.has('the assignee') ? null : draft.assignee,
        dueDate: this.drops.has('the due date') ? null : draft.dueDate,
        severity: this.hasPriority ? draft.severity.rank : null,
        commentCount: 0,
        ownershipMarks: { markers: [draft.marker], links: [draft.link.url] },
        condition: null,
        updatedAt: now,
      },
      draft,
      title: draft.title,
      body: draft.body,
      comments: [],
      links: [],
      reachable: true,
      author,
      madeAt: now,
      formerKeys: [],
    };
    this.issues.push(issue);
    return issue;
  }

  #missingField({ options }: IssueDraft): IntegrationError | null {
    const field = this.demandedField;
    const { fields } = z.object({ fields: z.record(z.string(), z.unknown()).default({}) }).parse(options ?? {});
    if (field === null || fields[field] !== undefined) return null;
    return new IntegrationError('rejected', 'create issue', {
      status: 400,
      fields: [{ field, why: 'It is required.' }],
    });
  }

  findCreatedIssue({ marker }: ReadBackSearch) {
    return this.call('find', () => {
      this.#requirePlace();
      return this.#marked(marker)[0]?.snapshot ?? null;
    });
  }

  readIssue(id: string) {
    return this.call('read', () => {
      const issue = this.issues.find(({ snapshot }) => snapshot.id === id);
      return issue?.reachable && !this.isHidden ? issue.snapshot : null;
    });
  }

  listChanges(cursor: string | null, now: number) {
    return this.call('list', () => {
      this.#requirePlace();
      const listedAt = this.clock.now() - this.listLagMs;
      const changed = this.issues
        .map(({ snapshot }) => snapshot)
        .filter(({ updatedAt }) => updatedAt >= Number(cursor ?? now) && updatedAt <= listedAt)
        .map(({ id, updatedAt }) => ({ id, updatedAt }));
      return { changed, cursor: String(now - 600_000) };
    });
  }

  readUpdateTimes(ids: string[]) {
    return this.call('look', () =>
      this.issues
        .filter(({ snapshot, reachable }) => reachable && !this.isHidden && ids.includes(snapshot.id))
        .map(({ snapshot: { id, updatedAt } }) => ({ id, updatedAt })),
    );
  }

  listComments(id: string, since: number) {
    return this.call('comments', () => this.#shown(id).comments.filter(({ at, ref }) => ref === null && at >= since));
  }

  addComment(id: string, draft: CommentDraft) {
    return this.call('comment', () => {
      const { comments } = this.#shown(id);
      this.#touch(id, { commentCount: comments.length + 1 });
      const at = this.clock.now();
      this.#issue(id).comments.push({
        id: draft.uuid,
        author: ownAccount,
        text: draft.body,
        at,
        ref: draft.ref,
      });
    });
  }

  hasComment(id: string, draft: CommentDraft) {
    return this.call('find-comment', () => this.#shown(id).comments.some(({ ref }) => ref === draft.ref));
  }

  editIssue(id: string, edit: IssueEdit) {
    return this.call('edit', () => {
      const issue = this.#shown(id);
      const refusal = splitEdit(edit).flatMap(({ part }) => this.refuses.get(fieldOfPart(part)) ?? [])[0];
      if (refusal) throw refusal;
      issue.title = edit.title ?? issue.title;
      issue.body = edit.body ?? issue.body;
      const kept = issue.snapshot.labels.filter((name) => !edit.labelsToRemove?.includes(name));
      const { names = [], label = null } = edit.status ?? {};
      const state = this.states.find((value) => names.includes(value));
      const told = state === undefined && label ? [label] : [];
      const added = this.#kept([...(edit.labelsToAdd ?? []), ...told].map(({ name }) => name));
      const { marker, link } = edit;
      return this.#touch(id, {
        ...(marker && link && { ownershipMarks: { markers: [marker], links: [link.url] } }),
        labels: [...new Set([...kept, ...added])],
        ...(state !== undefined && { status: { name: state, class: 'pending' as const } }),
        ...(edit.title !== undefined && { title: edit.title }),
        ...(edit.dueDate !== undefined && { dueDate: this.drops.has('the due date') ? null : edit.dueDate }),
        ...(edit.severity !== undefined && this.hasPriority && { severity: edit.severity.rank }),
        ...(edit.assignee !== undefined && {
          assignee: this.drops.has('the assignee') ? null : edit.assignee,
        }),
      });
    });
  }

  reopenIssue(id: string) {
    return this.call('reopen', () => {
      const { snapshot } = this.#shown(id);
      return snapshot.state === 'open' ? snapshot : this.#touch(id, reopened);
    });
  }

  deleteIssue(id: string) {
    return this.call('delete', () => {
      const issue = this.issues.find(({ snapshot }) => snapshot.id === id);
      if (issue) Object.assign(issue, { reachable: false, gone: 'deleted' });
    });
  }

  closeIssue(id: string, kind: IssueClosure['kind']) {
    return this.call('close', () => {
      const { snapshot } = this.#shown(id);
      const refusal = this.refuses.get('closing');
      if (refusal) throw refusal;
      return snapshot.state === 'closed' ? snapshot : this.#close(id, kind, ownAccount);
    });
  }

  findWhyUnreadable(id: string) {
    return this.call('whereabouts', (): Whereabouts => {
      if (this.isHidden) return { kind: 'hidden', url: null };
      const issue = this.issues.find(({ snapshot }) => snapshot.id === id);
      return { kind: issue?.reachable ? 'here' : (issue?.gone ?? this.hides), url: null };
    });
  }

  #kept(labels: string[]): string[] {
    return labels.filter((name) => !this.drops.has(name));
  }

  /** A person's change in the tracker. */
  change(index: number, changes: Partial<IssueSnapshot>): void {
    this.#touch(String(index + 1), changes);
  }

  close(index: number, kind: IssueClosure['kind'] = 'completed', by: string | null = null, native = kind): void {
    this.#close(String(index + 1), kind, by, native);
  }

  reopen(index: number): void {
    this.#touch(String(index + 1), reopened);
  }

  /** Comments of people so far. */
  #said = 0;

  say(index: number, author: string, text: string): void {
    const issue = this.#issue(String(index + 1));
    this.#touch(String(index + 1), { commentCount: issue.comments.length + 1 });
    this.#said += 1;
    const id = `comment-${index}-${this.#said}`;
    issue.comments.push({ id, author, text, at: this.clock.now(), ref: null });
  }

  /** A person changes the oldest comment of people, or deletes it. */
  rewrite(index: number, text: string | null): void {
    const issue = this.#issue(String(index + 1));
    const at = issue.comments.findIndex(({ ref }) => ref === null);
    const comment = issue.comments[at];
    if (!comment) return;
    if (text === null) issue.comments.splice(at, 1);
    else issue.comments[at] = { ...comment, text };
    this.#touch(String(index + 1), { commentCount: issue.comments.length });
  }

  vanish(index: number): void {
    this.#touch(String(index + 1), {});
    this.#issue(String(index + 1)).reachable = false;
  }

  comeBack(index: number): void {
    this.#touch(String(index + 1), {});
    this.#issue(String(index + 1)).reachable = true;
  }

  /** A person's own issue. @returns its key */
  open(author: string, title: string, body: string, labels: string[] = []): string {
    const draft: IssueDraft = {
      ...{ marker: '', uuid: '', title, body, severity: { name: '', rank: 3 }, dueDate: null, assignee: null },
      labels: labels.map((name) => ({ name, color: '', description: '' })),
      link: { url: '', title: '' },
    };
    const issue = this.#add(draft, author);
    issue.snapshot = { ...issue.snapshot, severity: null, ownershipMarks: { markers: [], links: [] } };
    return issue.snapshot.key;
  }

  /** A person's issue with everything of ours in it. */
  copy(index: number, author: string): void {
    const { draft, snapshot, body } = this.issue(index);
    const copy = this.#add(draft, author);
    copy.body = body;
    copy.snapshot = { ...copy.snapshot, title: snapshot.title, ownershipMarks: snapshot.ownershipMarks };
  }

  issue(index = 0): FakeIssue {
    return this.#issue(String(index + 1));
  }

  /** Everything that people of the tracker can read, as text. */
  get shown(): string {
    return JSON.stringify(this.issues.map(({ snapshot, body, comments, links }) => [snapshot, body, comments, links]));
  }

  /** Everything that this tracker received, as text. */
  get text(): string {
    return JSON.stringify(this.issues);
  }

  #close(id: string, kind: IssueClosure['kind'], by: string | null, native: string = kind): IssueSnapshot {
    const closure = { kind, native, at: this.clock.now(), by };
    return this.#touch(id, { state: 'closed', status: { name: native, class: 'closed' }, closure });
  }

  /** Our own issues with a marker, as lists show them. Issues that a person copied carry it too. */
  #marked(marker: string): FakeIssue[] {
    const listedAt = this.clock.now() - this.listLagMs;
    return this.issues.filter(
      ({ snapshot, reachable, author, madeAt }) =>
        reachable && author === ownAccount && madeAt <= listedAt && snapshot.ownershipMarks.markers.includes(marker),
    );
  }

  #requirePlace(): void {
    if (this.isHidden) throw new IntegrationError('rejected', 'read place', { status: 404 });
  }

  #touch(id: string, changes: Partial<IssueSnapshot>): IssueSnapshot {
    const issue = this.#issue(id);
    issue.snapshot = { ...issue.snapshot, ...changes, updatedAt: this.clock.now() };
    const answered = issue.snapshot;
    this.#advance(this.answerTakes);
    return answered;
  }

  #shown(id: string): FakeIssue {
    const issue = this.#issue(id);
    if (!issue.reachable || this.isHidden) throw new IntegrationError('rejected', 'call', { status: 404 });
    return issue;
  }

  #issue(id: string): FakeIssue {
    const issue = this.issues.find(({ snapshot }) => snapshot.id === id);
    if (!issue) throw new IntegrationError('rejected', 'read', { status: 404 });
    return issue;
  }
}

/** A mail provider that honours idempotency keys for a day, or has none. */
export class FakeMailHost extends Faulty implements Mailer {
  readonly accepted: (MailMessage & { id: string; at: number })[] = [];
  readonly tried: MailMessage[] = [];
  /** Other texts under the key of an earlier mail, each refused. */
  readonly conflicts: string[] = [];
  isKeyless = false;

  send(message: MailMessage) {
    this.tried.push(message);
    return this.call('send', () => {
      const at = this.clock.now();
      const before = this.isKeyless
        ? undefined
        : this.accepted.find((mail) => mail.key === message.key && at - mail.at < dayMs);
      if (before && before.text !== message.text) {
        this.conflicts.push(message.key);
        throw new IntegrationError('rejected', 'send mail', { status: 409, detail: 'key used with another mail' });
      }
      if (before) return { id: before.id };
      const id = `mail-${this.accepted.length + 1}`;
      this.accepted.push({ ...message, id, at });
      return { id };
    });
  }

  check() {
    return this.call('check', () => []);
  }

  listSent(since: number) {
    return this.call('list', () => (this.isKeyless ? null : this.accepted.filter(({ at }) => at >= since)));
  }

  to(address: string, subject = ''): (MailMessage & { at: number })[] {
    return this.accepted.filter((mail) => mail.to === address && mail.subject.includes(subject));
  }
}
