// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EpochState} from "../../../contracts/distribution/interfaces/IEpochDistributor.sol";
import {EpochDistributor} from "../../../contracts/distribution/EpochDistributor.sol";
import {MiningToken} from "../../../contracts/token/MiningToken.sol";
import {Epoch} from "../../../contracts/types/Epoch.sol";
import {Curve, VestingCurve} from "../../../contracts/vesting/libraries/VestingCurve.sol";
import {Base} from "../Base.sol";
import {Community} from "./Community.sol";
import {ProtocolDisputes} from "./ProtocolDisputes.sol";
import {ProtocolHandler} from "./ProtocolHandler.sol";

/// @title ProtocolGate
/// @notice What the invariant runner calls. It counts every call and every success of the handler's actions, which a handler
/// cannot do itself: what reverts takes its own count back. It stands in the file of the tests, because the runner knows a contract by
/// its code, and the compiler may write that of another file in another order.
contract ProtocolGate {
    ProtocolHandler public handler = new ProtocolHandler();
    mapping(bytes4 action => uint256) public calls;
    mapping(bytes4 action => uint256) public successes;

    function advance(uint256 seed) external {
        _run(ProtocolHandler.advance.selector, seed);
    }

    function settleEpoch(uint256 seed) external {
        _run(ProtocolHandler.settleEpoch.selector, seed);
    }

    function fallBehind(uint256 seed) external {
        _run(ProtocolHandler.fallBehind.selector, seed);
    }

    function claim(uint256 seed) external {
        _run(ProtocolHandler.claim.selector, seed);
    }

    function claimMany(uint256 seed) external {
        _run(ProtocolHandler.claimMany.selector, seed);
    }

    function claimFoundation(uint256 seed) external {
        _run(ProtocolHandler.claimFoundation.selector, seed);
    }

    function govern(uint256 seed) external {
        _run(ProtocolHandler.govern.selector, seed);
    }

    function interfere(uint256 seed) external {
        _run(ProtocolHandler.interfere.selector, seed);
    }

    function disprove(uint256 seed) external {
        _run(ProtocolDisputes.disprove.selector, seed);
    }

    function demand(uint256 seed) external {
        _run(ProtocolDisputes.demand.selector, seed);
    }

    function answer(uint256 seed) external {
        _run(ProtocolDisputes.answer.selector, seed);
    }

    function reclaim(uint256 seed) external {
        _run(ProtocolDisputes.reclaim.selector, seed);
    }

    function replaceVerifier(uint256 seed) external {
        _run(ProtocolDisputes.replaceVerifier.selector, seed);
    }

    function disturb(uint256 seed) external {
        _run(ProtocolHandler.disturb.selector, seed);
    }

    function attack(uint256 seed) external {
        _run(ProtocolHandler.attack.selector, seed);
    }

    function _run(bytes4 action, uint256 seed) private {
        ++calls[action];
        // A seed that is only small numbers would draw the same choices everywhere.
        (bool success, ) = address(handler).call(abi.encodeWithSelector(action, uint256(keccak256(abi.encode(seed)))));
        if (success) ++successes[action];
    }
}

/// @title ProtocolInvariants
/// @notice What holds after any sequence of calls, for the whole protocol. One campaign per domain; each assertion says the id
/// of the invariant that it belongs to (docs/invariants.md).
contract ProtocolInvariants is Base {
    using VestingCurve for Curve;

    ProtocolGate private gate;
    ProtocolHandler private handler;
    Community private community;

    function setUp() public {
        gate = new ProtocolGate();
        handler = gate.handler();
        community = handler.community();
        targetContract(address(gate));
    }

    /* EMISSION AND SUPPLY */

    function invariant_EMIT_SupplyIsTheCurve() public view {
        _assertNoViolation();
        uint256 emitted = _emittedByFinals();
        uint256 total = handler.token().totalSupply();
        assertEq(
            total,
            handler.token().GENESIS() + emitted,
            "EMIT-1 supply == genesis + curve at the last final epoch"
        );
        assertEq(total, handler.supply(), "EMIT-4 each budget is minted at most once");
        uint32 closed = handler.distributor().nextToClose().number();
        uint256 telescoped = closed == 0 ? 0 : handler.curve().emittedBy(handler.curve().endOf(Epoch.wrap(closed - 1)));
        assertEq(handler.budgetsClosed(), telescoped, "EMIT-3 budgets telescope whatever the order of closing");
        assertEq(handler.token().minter(), address(handler.distributor()), "EMIT-4 the distributor is the minter");
    }

    /* SETTLEMENT AND RESERVE */

    function invariant_SETL_EverythingGrantedIsBooked() public view {
        _assertNoViolation();
        uint256 all = handler.granted();
        assertEq(handler.vault().totalGranted(), all, "SETL-2 the vault books what was granted");
        uint256 curves = handler.foundationGranted();
        uint256 finals = handler.finals();
        for (uint256 i = 0; finals != 0 && i < community.MEMBERS(); ++i) {
            curves += community.curveOf(uint32(finals - 1), i).total();
        }
        assertEq(curves, all, "SETL-2 granted == grants of all leaves + the foundation's");
        uint256 supply = handler.token().totalSupply();
        uint256 outside = handler.token().GENESIS();
        assertEq(
            supply - outside + handler.depositsJoined(),
            all + handler.reserve().reserve(),
            "SETL-1 budgets + deposits == granted + reserve"
        );
    }

    function invariant_RSRV_ReserveIsItsBooks() public view {
        _assertNoViolation();
        uint256 booked = handler.reserve().reserve();
        uint256 pending = handler.reserve().pending();
        assertEq(booked, handler.reserveBooked(), "RSRV-1 S follows withheld, injected and deposits only");
        assertEq(pending, handler.depositsPending(), "RSRV-1 deposits wait until the next epoch is final");
        uint256 balance = handler.token().balanceOf(address(handler.reserve()));
        assertGe(balance, booked + pending, "RSRV-1 the reserve holds what it books");
    }

    /* PROPOSALS */

    function invariant_ROOT_EpochsGoOneWay() public view {
        _assertNoViolation();
        uint32 finals = handler.distributor().nextToFinalise().number();
        uint32 closed = handler.distributor().nextToClose().number();
        assertEq(finals, handler.finals(), "ROOT-1 final is terminal, and in order");
        assertLe(finals, closed, "ROOT-1 nothing is final before it is closed");
        for (uint32 i = finals < 2 ? 0 : finals - 2; i <= closed; ++i) {
            EpochState state = handler.distributor().stateOf(Epoch.wrap(i));
            if (i < finals) assertTrue(state == EpochState.Final, "ROOT-1 final stays final");
            else if (i == closed) assertTrue(state == EpochState.Open, "ROOT-1 the next is open");
            else if (i > finals) assertTrue(state == EpochState.Closed, "ROOT-1 only the oldest is proposed");
        }
        uint256 ended = finals + handler.vetoes() + handler.disproofs();
        uint256 pending = handler.distributor().pendingProposal() == 0 ? 0 : 1;
        assertEq(handler.distributor().proposalCount(), ended + pending, "ROOT-1 proposals end in three ways only");
        assertEq(
            address(handler.distributor()).balance,
            handler.bondsOpen() + handler.depositsOpen() + handler.owed(),
            "ROOT-5 coin held == open bonds + open deposits + what is owed"
        );
        uint256 credits = 0;
        for (uint256 i = 0; i < 7; ++i) credits += handler.distributor().bondCreditOf(handler.creditors(i));
        assertEq(credits, handler.owed(), "ROOT-5 what is owed is credited");
    }

    /* VESTING */

    function invariant_VEST_VaultIsSolvent() public view {
        _assertNoViolation();
        uint256 released = handler.vault().released();
        uint256 unlocked = handler.vault().unlockedTotalAt(uint40(block.timestamp));
        assertLe(released, unlocked, "VEST-3 released <= what the total curve has unlocked");
        uint256 balance = handler.token().balanceOf(address(handler.vault()));
        assertEq(balance, handler.vault().totalGranted() - released, "VEST-3 the vault holds what is not yet paid");
        uint256 paid = 0;
        for (uint256 i = 0; i < community.MEMBERS(); ++i) {
            address account = community.memberAt(i);
            uint256 claimed = handler.vault().claimed(account);
            assertEq(claimed, handler.paid(account), "VEST-4 an account is paid what it claimed");
            assertEq(claimed, handler.entitled(account), "VEST-4 paid == the most any claimed curve had unlocked");
            paid += claimed;
        }
        for (uint256 i = 0; i < _foundations(); ++i) paid += handler.paid(handler.foundations(i));
        assertEq(paid, released, "VEST-4 released == all payments");
    }

    function invariant_VEST_CurvesAddUp() public view {
        _assertNoViolation();
        Curve memory total = handler.vault().totalCurve();
        assertEq(total.total(), handler.granted(), "VEST-1 the total curve holds all grants");
        uint256 start = block.timestamp;
        for (uint256 t = start; t < start + 50 days; t += 4 days + 4_321) {
            uint256 parts = 0;
            uint256 rounding = 0;
            for (uint256 i = 0; handler.finals() != 0 && i < community.MEMBERS(); ++i) {
                Curve memory curve = community.curveOf(uint32(handler.finals() - 1), i);
                parts += curve.unlockedAt(t);
                rounding += curve.cohorts.length;
            }
            for (uint256 i = 0; i < _foundations(); ++i) {
                Curve memory curve = handler.vault().foundationCurve(handler.foundations(i));
                parts += curve.unlockedAt(t);
                rounding += curve.cohorts.length;
            }
            uint256 all = total.unlockedAt(t);
            assertLe(parts, all, "VEST-5 accounts and foundations together never exceed the total curve");
            assertGe(parts + rounding, all, "VEST-5 and fall short by rounding down only");
        }
    }

    function invariant_GOV4_WhatIsLockedNeverVotes() public view {
        EpochDistributor distributor = handler.distributor();
        MiningToken token = handler.token();
        address vault = address(handler.vault());
        address reserve = address(handler.reserve());
        assertEq(token.getVotes(vault) + token.getVotes(reserve), 0, "GOV-4 vault and reserve have no votes");
        assertEq(uint160(token.delegates(vault)) | uint160(token.delegates(reserve)), 0, "GOV-4 and delegate none");
        uint256 booked = handler.granted() - handler.vault().released() + handler.reserveBooked();
        booked += handler.depositsPending();
        assertLe(booked, token.balanceOf(vault) + token.balanceOf(reserve), "GOV-4 what is locked is there");
        uint48 past = uint48(block.timestamp - 1);
        assertLe(distributor.lockedAt(past), token.getPastTotalSupply(past), "GOV-4 never more than the supply");
    }

    /// @dev VEST-6, and that the run was worth something: at its end no further root comes, and everything granted is claimed.
    function afterInvariant() public {
        _assertNoViolation();
        if (handler.finals() == 0) return;
        vm.warp(block.timestamp + 100 days);
        uint32 epoch = uint32(handler.finals() - 1);
        for (uint256 i = 0; i < community.MEMBERS(); ++i) {
            if (!community.hasLeaf(epoch, i)) continue;
            if (community.curveOf(epoch, i).total() == handler.vault().claimed(community.memberAt(i))) continue;
            handler.vault().claim(community.claimOf(epoch, i));
        }
        for (uint256 i = 0; i < _foundations(); ++i) {
            address who = handler.foundations(i);
            if (handler.vault().foundationClaimable(who) != 0) handler.vault().claimFoundation(who);
        }
        assertEq(handler.vault().released(), handler.granted(), "VEST-6 everything granted can be claimed in the end");
        assertEq(handler.token().balanceOf(address(handler.vault())), 0, "VEST-6 the vault is empty then");
        _assertEffect(handler.finals(), ProtocolHandler.settleEpoch.selector, "epochs became final");
        _assertEffect(handler.claimsPaid() * 6, ProtocolHandler.claim.selector, "miners were paid");
        _assertEffect(handler.changes(), ProtocolHandler.govern.selector, "parameters changed");
        _assertEffect(handler.vetoes() * 12, ProtocolHandler.interfere.selector, "proposals were dropped");
        _assertEffect(handler.disproofs(), ProtocolDisputes.disprove.selector, "proposals were disproved");
        _assertEffect(handler.demands() * 4, ProtocolDisputes.demand.selector, "leaves were demanded");
        _assertEffect(handler.answers() * 12, ProtocolDisputes.answer.selector, "leaves were shown");
        _assertWorked(ProtocolHandler.settleEpoch.selector);
        _assertWorked(ProtocolHandler.advance.selector);
        _assertWorked(ProtocolHandler.claim.selector);
        _assertWorked(ProtocolHandler.claimMany.selector);
        _assertWorked(ProtocolHandler.govern.selector);
        _assertWorked(ProtocolHandler.interfere.selector);
        _assertWorked(ProtocolDisputes.disprove.selector);
        _assertWorked(ProtocolDisputes.demand.selector);
        _assertWorked(ProtocolDisputes.answer.selector);
        _assertWorked(ProtocolDisputes.reclaim.selector);
        _assertWorked(ProtocolDisputes.replaceVerifier.selector);
        _assertWorked(ProtocolHandler.disturb.selector);
        _assertWorked(ProtocolHandler.attack.selector);
    }

    /* HELPERS */

    /// @dev A handler whose calls revert proves nothing: nine of ten have to succeed.
    function _assertWorked(bytes4 action) private view {
        assertGe(gate.successes(action) * 10, gate.calls(action) * 9, "an action of the handler keeps failing");
    }

    /// @dev An action that succeeds without doing anything proves nothing either; a dozen calls may find nothing to do.
    function _assertEffect(uint256 effects, bytes4 action, string memory text) private view {
        assertGe(effects + 12, gate.calls(action), text);
    }

    function _assertNoViolation() private view {
        assertEq(handler.violation(), "", handler.violation());
    }

    function _emittedByFinals() private view returns (uint256) {
        uint256 finals = handler.finals();
        if (finals == 0) return 0;
        return handler.curve().emittedBy(handler.curve().endOf(Epoch.wrap(uint32(finals - 1))));
    }

    function _foundations() private view returns (uint256) {
        return handler.foundationCount();
    }
}
