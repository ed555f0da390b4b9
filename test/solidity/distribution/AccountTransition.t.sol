// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EpochRecord} from "../../../contracts/distribution/interfaces/IEpochParameters.sol";
import {AccountTransition} from "../../../contracts/distribution/libraries/AccountTransition.sol";
import {Audit} from "../../../contracts/libraries/SettlementLeaf.sol";
import {Curve, CurveFault, VestingCurve} from "../../../contracts/vesting/libraries/VestingCurve.sol";
import {Base} from "../Base.sol";

/// @notice The curve after an epoch, of any curve before and any figures: it is the one of the plain steps, or there is none.
contract AccountTransitionTest is Base {
    using VestingCurve for Curve;

    uint40 private constant START = 1_000_000;
    uint40 private constant END = 1_100_000;
    uint40 private constant LENGTH = 50_000;

    /// @dev Where a fuzzer's numbers become figures.
    struct Input {
        uint256 seed;
        uint256 bound;
        uint256 granted;
        uint256 lie;
        uint40 duration;
        uint8 cohortEnd;
    }

    /* OPENED TO THE TEST */

    function next(
        EpochRecord calldata record,
        uint256[] memory cohorts,
        Curve memory before,
        Audit memory audit,
        uint256 granted
    ) external pure returns (bool exists, Curve memory curve) {
        return AccountTransition.next(record, cohorts, before, audit, granted);
    }

    function join(
        Curve memory curve,
        uint256 granted,
        uint40 end,
        uint40 duration
    ) external pure returns (Curve memory) {
        return curve.join(granted, end, duration);
    }

    /* PROPERTIES */

    function testFuzz_NeverRevertsAndTakesThePlainSteps(Input memory input) public view {
        (EpochRecord memory record, uint256[] memory cohorts, Audit memory audit) = _world(input);
        uint256 granted = input.granted % 4 == 0 ? input.granted : bound(input.granted, 0, uint256(1) << 129);
        (bool exists, Curve memory curve) = this.next(record, cohorts, _before(input.seed), audit, granted);

        (bool could, Curve memory sped) = _accelerated(record, cohorts, audit, _before(input.seed));
        assertTrue(could || !exists, "ROOT-4 against the rules");
        if (!could) return;
        try this.join(sped, granted, record.cohortEnd, record.duration) returns (Curve memory expected) {
            assertTrue(exists, "ROOT-4 by the rules");
            assertEq(curve.hash(), expected.hash(), "ROOT-4 the same curve");
        } catch (bytes memory) {
            assertFalse(exists, "ROOT-4 what cannot join");
        }
    }

    function testFuzz_HonestFiguresAreNeverRefused(Input memory input) public view {
        input.lie = 0;
        (EpochRecord memory record, uint256[] memory cohorts, Audit memory audit) = _world(input);
        record.cohortEnd = END + 27 * LENGTH;
        Curve memory before = _before(input.seed);
        uint256 room = type(uint128).max - before.total();
        // An honest curve has room for one cohort more, or its grant joins the newest.
        if (before.cohorts.length == VestingCurve.MAX_COHORTS)
            record.cohortEnd = VestingCurve.endOf(before.cohorts[25]);
        uint256 granted = bound(input.granted, 0, room);
        (bool exists, Curve memory curve) = this.next(record, cohorts, before, audit, granted);
        assertTrue(exists, "ROOT-4 an honest account");
        assertEq(curve.total(), _before(input.seed).total() + granted, "VEST-2 the total grows by the grant");
        assertEq(uint256(curve.faultAt(END)), uint256(CurveFault.None), "ROOT-4 canonical");
    }

    function testFuzz_OnlyAScoreMakesALeaf(uint96[] memory scores) public pure {
        Audit memory audit;
        audit.scores = new uint256[](scores.length);
        bool any = false;
        for (uint256 i = 0; i < scores.length; ++i) {
            audit.scores[i] = scores[i];
            if (scores[i] != 0) any = true;
        }
        assertEq(AccountTransition.hasScore(audit), any, "ROOT-4 a score");
    }

    /* HELPERS */

    /// @dev What must come out before the grant joins, account cohort by account cohort, each looked up by its end.
    function _accelerated(
        EpochRecord memory record,
        uint256[] memory cohorts,
        Audit memory audit,
        Curve memory before
    ) private pure returns (bool could, Curve memory curve) {
        curve = before.roll(record.end);
        uint256 amount = 0;
        for (uint256 j = 0; j < cohorts.length; ++j) amount += audit.accelerated[j];
        if (amount > (curve.left() * record.accelerationBound) / 1e18) return (false, curve);
        uint256[] memory taken = new uint256[](cohorts.length);
        uint256 rest = amount;
        for (uint256 i = 0; i < curve.cohorts.length && rest != 0; ++i) {
            uint256 face = VestingCurve.amountOf(curve.cohorts[i]);
            uint256 part = rest < face ? rest : face;
            bool found = false;
            for (uint256 j = 0; j < cohorts.length; ++j) {
                if (VestingCurve.endOf(cohorts[j]) != VestingCurve.endOf(curve.cohorts[i])) continue;
                taken[j] = part;
                found = true;
            }
            if (!found) return (false, curve);
            rest -= part;
        }
        for (uint256 j = 0; j < cohorts.length; ++j) if (taken[j] != audit.accelerated[j]) return (false, curve);
        return (true, curve.accelerate(amount));
    }

    function _world(
        Input memory input
    ) private pure returns (EpochRecord memory record, uint256[] memory cohorts, Audit memory audit) {
        record.start = START;
        record.end = END;
        // The bound is at most 1e18, and the cast keeps that.
        record.accelerationBound = uint64(bound(input.bound, 0, 1e18));
        record.cohortEnd = END + uint40(input.cohortEnd % 32) * LENGTH;
        record.duration = input.duration % 3 == 0 ? 0 : input.duration;
        cohorts = _cohorts(input.seed);
        audit.accelerated = new uint256[](cohorts.length);
        _accelerateOldest(record, cohorts, audit, _before(input.seed), input.seed);
        if (cohorts.length == 0) return (record, cohorts, audit);
        uint256 at = (input.lie >> 8) % cohorts.length;
        uint256 other = (input.lie >> 16) % cohorts.length;
        uint256 kind = input.lie % 8;
        if (kind == 1) audit.accelerated[at] += audit.accelerated[at] < type(uint128).max ? 1 : 0;
        if (kind == 2) audit.accelerated[at] = type(uint128).max;
        if (kind == 3)
            (audit.accelerated[at], audit.accelerated[other]) = (audit.accelerated[other], audit.accelerated[at]);
        if (kind == 4) for (uint256 j = 0; j < cohorts.length; ++j) audit.accelerated[j] = type(uint128).max;
        // A cohort that is not the protocol's.
        if (kind == 5) cohorts[at] = VestingCurve.pack(VestingCurve.endOf(cohorts[at]) + 1, LENGTH, 1);
    }

    /// @dev The protocol's unfinished cohorts: those of the account, as if it were the only one.
    function _cohorts(uint256 seed) private pure returns (uint256[] memory cohorts) {
        Curve memory own = _before(seed);
        own = own.roll(END);
        return own.cohorts;
    }

    /// @dev The honest accelerated amounts: some part of what the bound allows, oldest cohorts first.
    function _accelerateOldest(
        EpochRecord memory record,
        uint256[] memory cohorts,
        Audit memory audit,
        Curve memory before,
        uint256 seed
    ) private pure {
        uint256 most = VestingCurve.accelerationLimitDown(before.roll(END).left(), record.accelerationBound);
        uint256 rest = seed % 3 == 0 ? most : bound(seed, 0, most);
        for (uint256 j = 0; j < cohorts.length && rest != 0; ++j) {
            uint256 face = VestingCurve.amountOf(cohorts[j]);
            audit.accelerated[j] = rest < face ? rest : face;
            rest -= audit.accelerated[j];
        }
    }

    /// @dev A curve canonical at the epoch's start: up to 26 cohorts, some of which finish within the epoch.
    function _before(uint256 seed) private pure returns (Curve memory curve) {
        uint256 count = seed % (VestingCurve.MAX_COHORTS + 1);
        uint256 room = seed % 5 == 0 ? type(uint128).max : 1e27;
        curve.cohorts = new uint256[](count);
        for (uint40 i = 0; i < count; ++i) {
            uint256 word = uint256(keccak256(abi.encode(seed, i)));
            uint128 amount = uint128(1 + (word % (room / 30)));
            uint40 end = START - 2 * LENGTH + i * LENGTH;
            // Ends rise; every cohort is unfinished at the start.
            uint40 least = end < START ? START - end + 1 : 1;
            curve.cohorts[i] = VestingCurve.pack(end, least + uint40((word >> 128) % (3 * LENGTH)), amount);
        }
        curve.unlocked = uint128(uint256(keccak256(abi.encode(seed))) % (room / 30));
    }
}
