import { useEffect } from 'react';
import { NavLink, Outlet, ScrollRestoration, useLocation } from 'react-router';

import { useDeployment } from '../data/deployment-context.ts';
import { useHead } from '../data/use-head.ts';
import { useStandstill } from '../data/use-standstill.ts';
import { utc } from '../format/moment.ts';
import { Problem } from '../ui/problem.tsx';
import { TransactionBar } from '../wallet/transaction-bar.tsx';
import { WalletButton } from '../wallet/wallet-button.tsx';
import { useTheme } from './theme.ts';
import { PLACES, viewTitle } from './view-title.ts';

/** What stands around every view: the ways to the others, the wallet, and from which block the figures are. */
export function Layout() {
  const { config, addressBook, endpoints } = useDeployment();
  const head = useHead();
  const still = useStandstill();
  const [theme, setTheme] = useTheme();
  const other = theme === 'dark' ? 'light' : 'dark';
  const { pathname } = useLocation();
  useEffect(() => {
    document.title = viewTitle(pathname, config.title);
  }, [pathname, config.title]);
  return (
    <>
      <a className="skip" href="#content" onClick={skipToContent}>
        Skip to the content
      </a>
      <header className="top">
        <div className="top-inner">
          <NavLink to="/" className="brand">
            <img src="./icon.svg" alt="" width="28" height="28" />
            <span>{config.title}</span>
          </NavLink>
          <nav aria-label="Views">
            {PLACES.map(([to, name]) => (
              <NavLink key={to} to={to} end={to === '/'}>
                {name}
              </NavLink>
            ))}
          </nav>
          <WalletButton />
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        {head.isError ? (
          <div className="page">
            <Problem error={head.error} again={() => void head.refetch()} />
          </div>
        ) : null}
        {/* Always there, so that what appears in it is read out. */}
        <div className="standstill" role="status">
          {still === null ? null : <p className="warning-note">{still}</p>}
        </div>
        <Outlet />
      </main>
      <footer className="bottom">
        <p>
          {head.data === undefined ? null : (
            <>
              Block {head.data.number}, {utc(head.data.time)}.{' '}
            </>
          )}
          Chain {addressBook.chainId}, read from {endpoints.map(({ name }) => name).join(' and ')}
          {endpoints.length === 1 ? ', which is believed alone' : ''}.
        </p>
        <button type="button" className="button quiet" onClick={() => setTheme(other)}>
          Show it {other}
        </button>
      </footer>
      <TransactionBar />
      <ScrollRestoration />
    </>
  );
}

/** The hash belongs to the route, so the browser cannot go there by itself. */
function skipToContent(event: { preventDefault: () => void }): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}
