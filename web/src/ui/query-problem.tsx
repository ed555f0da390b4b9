import { Problem } from './problem.tsx';
import { Waiting } from './waiting.tsx';

interface QueryProps {
  readonly query: { readonly isError: boolean; readonly error: unknown; readonly refetch: () => unknown };
}

/** Why something could not be read, with a way to read it again; nothing where it could. */
export function QueryProblem({ query }: QueryProps) {
  return query.isError ? <Problem error={query.error} again={() => void query.refetch()} /> : null;
}

/** In place of what is not there yet: why it could not be read, or that it is being read. */
export function Unread({ query, what }: QueryProps & { readonly what: string }) {
  return query.isError ? <QueryProblem query={query} /> : <Waiting what={what} />;
}
