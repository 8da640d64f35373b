import { GraphQLError } from 'graphql';

function linearError(message: string, type: string, code: string, status: number, text: string) {
  const extensions = { type, code, statusCode: status, userError: true, userPresentableMessage: text };
  return new GraphQLError(message, { extensions });
}

export function notFound(entity: string): GraphQLError {
  const text = `Could not find referenced ${entity}.`;
  return linearError(`Entity not found: ${entity}`, 'invalid input', 'INPUT_ERROR', 400, text);
}

export function conflict(entity: string, id: string): GraphQLError {
  const text = `Entity ${entity} with id ${id} already exists.`;
  return linearError(`conflict on insert of ${entity}`, 'invalid input', 'INPUT_ERROR', 400, text);
}

export function invalid(text: string): GraphQLError {
  return linearError('Argument Validation Error', 'invalid input', 'INPUT_ERROR', 400, text);
}

export function forbidden(): GraphQLError {
  return linearError('Forbidden', 'forbidden', 'FORBIDDEN', 403, 'You do not have permission to do this.');
}

export function unauthenticated(): GraphQLError {
  const text = 'No valid credentials were given.';
  return linearError(
    'Authentication required, not authenticated',
    'authentication error',
    'AUTHENTICATION_ERROR',
    401,
    text,
  );
}
