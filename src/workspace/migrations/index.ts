import type { Migration } from '../store/migrate.ts';
import initial from './0001-initial.sql';
import intake from './0002-intake.sql';
import templates from './0003-templates.sql';
import reports from './0004-reports.sql';
import files from './0005-files.sql';
import privacy from './0006-privacy.sql';
import strategic from './0007-strategic.sql';
import people from './0008-people.sql';
import invitations from './0009-invitations.sql';
import mailFate from './0010-mail-fate.sql';
import plans from './0011-plans.sql';
import loop from './0012-loop.sql';
import mirror from './0013-mirror.sql';
import resurvey from './0014-resurvey.sql';
import outboxCalling from './0015-outbox-calling.sql';
import pace from './0016-pace.sql';
import vanished from './0017-vanished.sql';
import actions from './0018-actions.sql';
import wordsForCustomers from './0019-words-for-customers.sql';
import parts from './0020-parts.sql';
import twins from './0021-twins.sql';
import shipped from './0022-shipped.sql';
import partsRead from './0023-parts-read.sql';
import caseAddress from './0024-case-address.sql';

export const migrations: Migration[] = [
  { name: '0001-initial.sql', sql: initial },
  { name: '0002-intake.sql', sql: intake },
  { name: '0003-templates.sql', sql: templates },
  { name: '0004-reports.sql', sql: reports },
  { name: '0005-files.sql', sql: files },
  { name: '0006-privacy.sql', sql: privacy },
  { name: '0007-strategic.sql', sql: strategic },
  { name: '0008-people.sql', sql: people },
  { name: '0009-invitations.sql', sql: invitations },
  { name: '0010-mail-fate.sql', sql: mailFate },
  { name: '0011-plans.sql', sql: plans },
  { name: '0012-loop.sql', sql: loop },
  { name: '0013-mirror.sql', sql: mirror },
  { name: '0014-resurvey.sql', sql: resurvey },
  { name: '0015-outbox-calling.sql', sql: outboxCalling },
  { name: '0016-pace.sql', sql: pace },
  { name: '0017-vanished.sql', sql: vanished },
  { name: '0018-actions.sql', sql: actions },
  { name: '0019-words-for-customers.sql', sql: wordsForCustomers },
  { name: '0020-parts.sql', sql: parts },
  { name: '0021-twins.sql', sql: twins },
  { name: '0022-shipped.sql', sql: shipped },
  { name: '0023-parts-read.sql', sql: partsRead },
  { name: '0024-case-address.sql', sql: caseAddress },
];
