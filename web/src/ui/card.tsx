import { useId, type ReactNode } from 'react';

interface CardProps {
  readonly title: string;
  /** A sentence below the title. */
  readonly about?: ReactNode;
  /** What stands at the right of the title. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a view under a title of its own. */
export function Card({ title, about, aside, children }: CardProps) {
  const id = useId();
  return (
    <section className="card" aria-labelledby={id}>
      <header className="card-head">
        <h2 id={id}>{title}</h2>
        {aside === undefined ? null : <div className="card-aside">{aside}</div>}
      </header>
      {about === undefined ? null : <p className="card-about">{about}</p>}
      {children}
    </section>
  );
}
