// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {MiningAuthority} from "../../../contracts/governance/MiningAuthority.sol";
import {MiningGovernor} from "../../../contracts/governance/MiningGovernor.sol";
import {MiningTimelock} from "../../../contracts/governance/MiningTimelock.sol";
import {Base} from "../Base.sol";
import {GovernanceHandler} from "./GovernanceHandler.sol";

/// @title GovernanceGate
/// @notice What the invariant runner calls. It stands in the file of the tests, because the runner knows a contract by its code, and
/// the compiler may write that of another file in another order.
contract GovernanceGate {
    GovernanceHandler public handler = new GovernanceHandler();

    function move(uint256 seed) external {
        handler.move(seed);
    }

    function delegate(uint256 seed) external {
        handler.delegate(seed);
    }

    function propose(uint256 seed) external {
        handler.propose(seed);
    }

    function vote(uint256 seed) external {
        handler.vote(seed);
    }

    function advance(uint256 seed) external {
        handler.advance(seed);
    }

    function cancel(uint256 seed) external {
        handler.cancel(seed);
    }

    function attack(uint256 seed) external {
        handler.attack(seed);
    }
}

/// @title GovernanceInvariants
/// @notice What holds in the holders' time after any sequence of calls.
contract GovernanceInvariants is Base {
    GovernanceHandler private handler;

    function setUp() public {
        GovernanceGate gate = new GovernanceGate();
        handler = gate.handler();
        targetContract(address(gate));
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

    /// @dev The handler's hand-over is a real one, by delegates who have the votes.
    function invariant_GOV3_OnlyTheHoldersAdminister() public view {
        MiningTimelock timelock = handler.timelock();
        MiningAuthority authority = handler.authority();
        address governor = address(handler.governor());
        bytes32[3] memory held = [timelock.DEFAULT_ADMIN_ROLE(), timelock.PROPOSER_ROLE(), timelock.CANCELLER_ROLE()];
        assertTrue(timelock.hasRole(held[0], address(timelock)), "GOV-3 the timelock administers itself");
        assertTrue(timelock.hasRole(held[1], governor), "GOV-3 the governor schedules");
        assertTrue(timelock.hasRole(held[2], governor), "GOV-3 and cancels");
        assertTrue(timelock.hasRole(timelock.EXECUTOR_ROLE(), address(0)), "GOV-3 anyone executes");
        assertTrue(authority.isSealed(), "GOV-3 the table stays sealed");
        assertTrue(handler.handover().done(), "GOV-3 there is no second hand-over");

        address[10] memory others = _everybodyElse();
        for (uint256 i = 0; i < others.length; ++i) {
            for (uint256 j = 0; j < held.length; ++j) {
                assertFalse(timelock.hasRole(held[j], others[i]), "GOV-3 nobody else has a role of the timelock");
            }
            for (uint64 role = 0; role < 5; ++role) {
                if (role == 2 && others[i] == handler.guardian()) continue;
                (bool member, ) = authority.hasRole(role, others[i]);
                assertFalse(member, "GOV-3 nobody else has a role of the access manager");
            }
        }
    }

    function invariant_GOV4_VotesAreWhatIsDelegated() public view {
        _assertNoViolation();
        (uint256 counted, uint256 expected) = handler.votesNow();
        assertEq(counted, expected, "GOV-4 votes are what is delegated, once");
        uint256 past = block.timestamp - 1;
        uint256 quorum = handler.governor().quorum(past);
        assertGe(quorum, handler.governor().QUORUM_FLOOR(), "GOV-4 no quorum is under the floor");
    }

    /// @dev That the run was worth something. A proposal takes two steps at most before the one that ends it: after more than two for
    /// each, one has ended. What a run draws decides how many steps there are, so fewer of them say nothing.
    function afterInvariant() public view {
        _assertNoViolation();
        if (handler.steps() <= 2 * handler.proposed()) return;
        assertGe(handler.executed() + handler.cancelled() + handler.defeated(), 1, "no vote came to an end");
    }

    /* HELPERS */

    /// @dev The handler deployed everything, so it is the deployer.
    function _everybodyElse() private view returns (address[10] memory list) {
        for (uint256 i = 0; i < handler.HOLDERS(); ++i) list[i] = handler.holders(i);
        (list[5], list[6], list[7]) = (handler.council(), handler.guardian(), handler.mallory());
        (list[8], list[9]) = (address(handler), address(handler.handover()));
    }

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
