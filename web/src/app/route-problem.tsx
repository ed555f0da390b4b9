import { useRouteError } from 'react-router';

import { Problem } from '../ui/problem.tsx';

/** What could not be shown at all, such as a part of the page that the file host does not have any more. */
export function RouteProblem() {
  const error = useRouteError();
  return (
    <main className="lone">
      <h1>This part of the page failed</h1>
      <Problem error={error} again={() => window.location.reload()} />
    </main>
  );
}
