import { useQuery } from '@tanstack/react-query';
import { RouterProvider } from 'react-router/dom';

import { DeploymentContext } from '../data/deployment-context.ts';
import { openDeployment } from '../data/open-deployment.ts';
import { TransactionsProvider } from '../wallet/transactions-provider.tsx';
import { WalletProvider } from '../wallet/wallet-provider.tsx';
import { Problem } from '../ui/problem.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { router } from './router.tsx';

/** The page: nothing of it is shown before the deployment is connected, since every figure comes from there. */
export function App() {
  const opened = useQuery({ queryKey: ['deployment'], queryFn: openDeployment });
  if (opened.isPending) return <Waiting page what="Connecting to the chain" />;
  if (opened.isError) {
    return (
      <main className="lone">
        <h1>Lode</h1>
        <Problem error={opened.error} again={() => void opened.refetch()} />
      </main>
    );
  }
  return (
    <DeploymentContext value={opened.data}>
      <WalletProvider>
        <TransactionsProvider>
          <RouterProvider router={router} />
        </TransactionsProvider>
      </WalletProvider>
    </DeploymentContext>
  );
}
