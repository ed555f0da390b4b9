// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {MiningGovernor} from "../../../contracts/governance/MiningGovernor.sol";
import {Base} from "../Base.sol";
import {GovernanceHandler} from "./GovernanceHandler.sol";

/// @title GovernanceInvariants
/// @notice What holds in the holders' time after any sequence of calls.
contract GovernanceInvariants is Base {
    GovernanceHandler private handler;

    function setUp() public {
        handler = new GovernanceHandler();
        bytes4[] memory actions = new bytes4[](7);
        actions[0] = GovernanceHandler.move.selector;
        actions[1] = GovernanceHandler.delegate.selector;
        actions[2] = GovernanceHandler.propose.selector;
        actions[3] = GovernanceHandler.vote.selector;
        actions[4] = GovernanceHandler.advance.selector;
        actions[5] = GovernanceHandler.cancel.selector;
        actions[6] = GovernanceHandler.attack.selector;
        targetSelector(address(handler), actions);
    }

    function invariant_GOV1_OnlyWhatWasCarriedAndWaitedExecutes() public view {
        _assertNoViolation();
        uint256 delay = handler.timelock().getMinDelay();
        assertGe(delay, 1 days, "GOV-1 the delay is never under a day");
        assertLe(delay, 14 days, "GOV-1 nor over two weeks");
        assertEq(handler.governor().timelock(), address(handler.timelock()), "GOV-1 the timelock stays");
    }

    function invariant_GOV2_SettingsStayWithinBounds() public view {
        MiningGovernor governor = handler.governor();
        assertGe(governor.votingDelay(), governor.MIN_VOTING_DELAY(), "GOV-2 voting delay");
        assertLe(governor.votingDelay(), governor.MAX_VOTING_DELAY(), "GOV-2 voting delay");
        assertGe(governor.votingPeriod(), governor.MIN_VOTING_PERIOD(), "GOV-2 voting period");
        assertLe(governor.votingPeriod(), governor.MAX_VOTING_PERIOD(), "GOV-2 voting period");
        assertGe(governor.quorumNumerator(), governor.MIN_QUORUM(), "GOV-2 quorum");
        assertLe(governor.quorumNumerator(), governor.MAX_QUORUM(), "GOV-2 quorum");
        assertLe(governor.proposalThreshold(), governor.maxProposalThreshold(), "GOV-2 threshold");
        assertLe(governor.lateQuorumVoteExtension(), governor.MAX_LATE_QUORUM(), "GOV-2 late quorum");
    }

    function invariant_GOV4_VotesAreWhatIsDelegated() public view {
        _assertNoViolation();
        (uint256 counted, uint256 expected) = handler.votesNow();
        assertEq(counted, expected, "GOV-4 votes are what is delegated, once");
        uint256 past = block.timestamp - 1;
        uint256 quorum = handler.governor().quorum(past);
        assertGe(quorum, handler.governor().QUORUM_FLOOR(), "GOV-4 no quorum is under the floor");
    }

    /// @dev That the run was worth something: of many proposals some came to an end, whichever.
    function afterInvariant() public view {
        _assertNoViolation();
        if (handler.proposed() < 10) return;
        assertGe(handler.executed() + handler.cancelled() + handler.defeated(), 1, "no vote came to an end");
    }

    /* HELPERS */

    function _assertNoViolation() private view {
        assertEq(handler.violation(), "", handler.violation());
    }
}

/// @title GovernanceStory
/// @notice That the handler's own ways lead to an execution, and to a cancelled one.
contract GovernanceStory is Base {
    function test_HandlerCarriesAVoteThrough() public {
        GovernanceHandler handler = new GovernanceHandler();
        for (uint256 i = 0; i < 24; ++i) {
            handler.propose(i);
            handler.move(i);
            for (uint256 j = 0; j < 4; ++j) handler.advance(100 * i + j);
            if (i % 4 == 3) handler.cancel(i);
        }
        handler.attack(7);
        assertEq(handler.violation(), "", handler.violation());
        assertGe(handler.executed(), 3, "GOV-1 some votes take effect");
        assertGe(handler.attacks(), 1, "GOV-1 the short cuts were tried");
    }
}
