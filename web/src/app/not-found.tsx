import { Link } from 'react-router';

/** An address that leads nowhere. */
export function NotFound() {
  return (
    <section className="page">
      <h1>There is no such page</h1>
      <p>
        The address may be mistyped. <Link to="/">Go to the overview</Link>.
      </p>
    </section>
  );
}
