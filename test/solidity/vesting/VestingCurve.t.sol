// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {LibraryHarness} from "../../../contracts/mocks/LibraryHarness.sol";
import {Curve, CurveFault, VestingCurve} from "../../../contracts/vesting/libraries/VestingCurve.sol";
import {Base} from "../Base.sol";

/// @notice The release of granted tokens, by the shared vectors and by properties.
contract VestingCurveTest is Base {
    LibraryHarness private harness = LibraryHarness(deployed("LibraryHarness", ""));

    /* VECTORS */

    function test_UnlocksAsTheVectorsSay() public view {
        string memory json = readVectors("vesting-curve");
        bytes[] memory curves = vm.parseJsonBytesArray(json, ".curves.preimage");
        uint256[] memory index = vm.parseJsonUintArray(json, ".unlocked.curve");
        uint256[] memory times = vm.parseJsonUintArray(json, ".unlocked.time");
        uint256[] memory expected = vm.parseJsonUintArray(json, ".unlocked.unlocked");
        assertGt(times.length, 100, "vectors were read");
        Curve[] memory read = new Curve[](times.length);
        for (uint256 i = 0; i < times.length; ++i) read[i] = _decode(curves[index[i]]);
        (uint256[] memory fromCalldata, ) = harness.unlockedAt(read, times);
        assertEq(fromCalldata, expected, "unlocked, from calldata");
        (uint256[] memory fromMemory, ) = harness.unlockedInMemory(read, times);
        assertEq(fromMemory, expected, "unlocked, from memory");
    }

    function test_HashesItsCanonicalBytes() public view {
        string memory json = readVectors("vesting-curve");
        bytes[] memory preimages = vm.parseJsonBytesArray(json, ".curves.preimage");
        bytes32[] memory hashes = vm.parseJsonBytes32Array(json, ".curves.hash");
        uint256[] memory totals = vm.parseJsonUintArray(json, ".curves.total");
        Curve[] memory curves = new Curve[](preimages.length);
        for (uint256 i = 0; i < preimages.length; ++i) {
            curves[i] = _decode(preimages[i]);
            assertEq(VestingCurve.encode(curves[i]), preimages[i], "canonical bytes");
            assertEq(VestingCurve.total(curves[i]), totals[i], "total");
        }
        (bytes32[] memory fromCalldata, bytes32[] memory fromMemory) = harness.curveHash(curves);
        for (uint256 i = 0; i < hashes.length; ++i) {
            assertEq(fromCalldata[i], hashes[i], "hash, from calldata");
            assertEq(fromMemory[i], hashes[i], "hash, from memory");
        }
    }

    function test_ChangesAsTheVectorsSay() public view {
        string memory json = readVectors("vesting-curve");
        bytes[] memory before = vm.parseJsonBytesArray(json, ".transitions.before");
        bytes[] memory expected = vm.parseJsonBytesArray(json, ".transitions.after");
        uint256[] memory times = vm.parseJsonUintArray(json, ".transitions.time");
        uint256[] memory accelerated = vm.parseJsonUintArray(json, ".transitions.accelerate");
        uint256[] memory grants = vm.parseJsonUintArray(json, ".transitions.grant");
        uint256[] memory ends = vm.parseJsonUintArray(json, ".transitions.end");
        uint256[] memory durations = vm.parseJsonUintArray(json, ".transitions.duration");
        for (uint256 i = 0; i < before.length; ++i) {
            Curve memory curve = VestingCurve.roll(_decode(before[i]), times[i]);
            curve = VestingCurve.accelerate(curve, accelerated[i]);
            // The vectors' times fit 40 bits.
            assertTrue(VestingCurve.canJoin(curve, grants[i], uint40(ends[i]), uint40(durations[i])), "can join");
            curve = VestingCurve.join(curve, grants[i], uint40(ends[i]), uint40(durations[i]));
            assertEq(VestingCurve.encode(curve), expected[i], "after the transition");
        }
    }

    function test_NamesWhatIsNotCanonical() public view {
        string memory json = readVectors("vesting-curve");
        bytes[] memory preimages = vm.parseJsonBytesArray(json, ".faults.preimage");
        uint256[] memory times = vm.parseJsonUintArray(json, ".faults.time");
        uint256[] memory faults = vm.parseJsonUintArray(json, ".faults.fault");
        for (uint256 i = 0; i < preimages.length; ++i) {
            (bool fits, Curve memory curve) = VestingCurve.decode(preimages[i]);
            CurveFault fault = fits ? VestingCurve.faultAt(curve, times[i]) : CurveFault.TooManyCohorts;
            assertEq(uint256(fault), faults[i], "fault");
        }
    }

    /* REVERTS */

    function test_RevertWhen_MoreIsAcceleratedThanLeft() public {
        Curve[] memory curves = new Curve[](1);
        curves[0] = _twoCohorts();
        LibraryHarness.Step[] memory steps = new LibraryHarness.Step[](1);
        steps[0] = LibraryHarness.Step({time: 0, accelerate: 31, grant: 0, end: 0, duration: 0});
        vm.expectRevert(abi.encodeWithSelector(VestingCurve.VestingCurve_AccelerationTooLarge.selector, 31, 30));
        harness.transition(curves, steps);
    }

    function test_RevertWhen_AGrantJoinsAnOlderCohort() public {
        Curve[] memory curves = new Curve[](1);
        curves[0] = _twoCohorts();
        LibraryHarness.Step[] memory steps = new LibraryHarness.Step[](1);
        steps[0] = LibraryHarness.Step({time: 0, accelerate: 0, grant: 1, end: 199, duration: 5});
        vm.expectRevert(abi.encodeWithSelector(VestingCurve.VestingCurve_CohortNotNewest.selector, 199, 200));
        harness.transition(curves, steps);
    }

    function test_RevertWhen_AmountsDoNotMatchTheCohorts() public {
        vm.expectRevert(abi.encodeWithSelector(VestingCurve.VestingCurve_LengthMismatch.selector, 1, 2));
        harness.accelerateEach(_twoCohorts(), new uint128[](1));
        uint128[] memory amounts = new uint128[](2);
        amounts[1] = 21;
        vm.expectRevert(abi.encodeWithSelector(VestingCurve.VestingCurve_AccelerationTooLarge.selector, 21, 20));
        harness.accelerateEach(_twoCohorts(), amounts);
    }

    function test_RevertWhen_ThereAreTooManyCohorts() public {
        Curve[] memory curves = new Curve[](1);
        curves[0].cohorts = new uint256[](26);
        for (uint40 i = 0; i < 26; ++i) curves[0].cohorts[i] = VestingCurve.pack(100 + i, 1000, 1);
        LibraryHarness.Step[] memory steps = new LibraryHarness.Step[](1);
        steps[0] = LibraryHarness.Step({time: 0, accelerate: 0, grant: 1, end: 1000, duration: 5});
        vm.expectRevert(abi.encodeWithSelector(VestingCurve.VestingCurve_TooManyCohorts.selector, 26, 26));
        harness.transition(curves, steps);
    }

    function test_RevertWhen_AnAmountLeavesItsBits() public {
        Curve[] memory curves = new Curve[](1);
        curves[0].unlocked = type(uint128).max;
        LibraryHarness.Step[] memory steps = new LibraryHarness.Step[](1);
        steps[0] = LibraryHarness.Step({time: 0, accelerate: 0, grant: 1, end: 1000, duration: 0});
        vm.expectRevert(
            abi.encodeWithSelector(
                VestingCurve.VestingCurve_AmountTooLarge.selector,
                uint256(1) << 128,
                type(uint128).max
            )
        );
        harness.transition(curves, steps);
    }

    /* PROPERTIES */

    function testFuzz_ReleaseNeverFallsAndReachesTheTotal(uint256 seed, uint40 early, uint40 late) public pure {
        if (early > late) (early, late) = (late, early);
        Curve memory curve = _anyCurve(seed);
        uint256 sum = VestingCurve.total(curve);
        assertLe(VestingCurve.unlockedAt(curve, early), VestingCurve.unlockedAt(curve, late), "VEST-1 never falls");
        assertLe(VestingCurve.unlockedAt(curve, late), sum, "VEST-1 never exceeds the total");
        assertEq(VestingCurve.unlockedAt(curve, uint256(1) << 41), sum, "VEST-1 reaches the total");
    }

    function testFuzz_RollingChangesNothingAfterwards(uint256 seed, uint40 early, uint40 late) public pure {
        if (early > late) (early, late) = (late, early);
        uint256 expected = VestingCurve.unlockedAt(_anyCurve(seed), late);
        Curve memory rolled = VestingCurve.roll(_anyCurve(seed), early);
        assertEq(VestingCurve.unlockedAt(rolled, late), expected, "VEST-1 rolling changes nothing");
        assertEq(uint256(VestingCurve.faultAt(rolled, early)), uint256(CurveFault.None), "canonical after rolling");
    }

    function testFuzz_SplittingLosesOnlyRounding(uint256 seed, uint40 time) public pure {
        Curve memory whole = _anyCurve(seed);
        Curve memory half = _anyCurve(seed);
        Curve memory rest = _anyCurve(seed);
        half.unlocked /= 2;
        rest.unlocked -= half.unlocked;
        for (uint256 i = 0; i < whole.cohorts.length; ++i) {
            uint256 part = VestingCurve.amountOf(whole.cohorts[i]) / 2;
            rest.cohorts[i] -= part;
            half.cohorts[i] -= VestingCurve.amountOf(half.cohorts[i]) - part;
        }
        uint256 parts = VestingCurve.unlockedAt(half, time) + VestingCurve.unlockedAt(rest, time);
        uint256 all = VestingCurve.unlockedAt(whole, time);
        assertLe(parts, all, "VEST-1 parts never give more");
        assertLe(all - parts, whole.cohorts.length, "VEST-1 parts lose a wei per cohort at most");
    }

    function testFuzz_AccelerationOnlyRaises(uint256 seed, uint40 time, uint64 bound) public pure {
        Curve memory slow = _anyCurve(seed);
        Curve memory fast = _anyCurve(seed);
        uint256 left = VestingCurve.left(slow);
        uint256 amount = VestingCurve.accelerationLimitDown(left, bound % (1e18 + 1));
        assertLe(amount, left, "VEST-2 the bound");
        fast = VestingCurve.accelerate(fast, amount);
        assertGe(VestingCurve.unlockedAt(fast, time), VestingCurve.unlockedAt(slow, time), "VEST-2 only raises");
        assertEq(VestingCurve.total(fast), VestingCurve.total(slow), "VEST-2 the total stays");
        assertEq(uint256(VestingCurve.faultAt(fast, 0)), uint256(CurveFault.None), "VEST-2 stays canonical");
    }

    function testFuzz_WordsKeepTheirFields(uint40 end, uint40 duration, uint128 amount) public pure {
        uint256 word = VestingCurve.pack(end, duration, amount);
        assertEq(VestingCurve.endOf(word), end, "end");
        assertEq(VestingCurve.durationOf(word), duration, "duration");
        assertEq(VestingCurve.amountOf(word), amount, "amount");
        assertEq(VestingCurve.finishOf(word), uint256(end) + duration, "finish");
    }

    function testFuzz_DecodingIsTheInverseOfEncoding(uint256 seed) public pure {
        Curve memory curve = _anyCurve(seed);
        bytes memory preimage = VestingCurve.encode(curve);
        Curve memory read = _decode(preimage);
        assertEq(read.unlocked, curve.unlocked, "unlocked");
        assertEq(read.cohorts, curve.cohorts, "cohorts");
    }

    function testFuzz_DecodingNeverReverts(bytes memory preimage, uint256 words) public pure {
        _checkDecoding(preimage);
        // Whole words, around the most that a curve may have.
        preimage = new bytes(32 * bound(words, 0, 40));
        _checkDecoding(preimage);
        if (preimage.length != 0) preimage[uint256(keccak256(abi.encode(words))) % preimage.length] = 0x01;
        _checkDecoding(preimage);
    }

    function testFuzz_SaysWhetherAGrantCanJoin(
        uint128 unlocked,
        uint256[] memory words,
        uint256 amount,
        uint40 end,
        uint40 duration
    ) public view {
        LibraryHarness.Step memory step = LibraryHarness.Step(0, 0, amount, end, duration);
        Curve memory curve = Curve(unlocked, words);
        _checkJoining(curve, step);
        step.grant = bound(amount, 0, type(uint128).max);
        _checkJoining(curve, step);
        // The newest cohort, and one cohort less or more than there may be.
        curve.cohorts = new uint256[](25 + (amount % 3));
        for (uint40 i = 0; i < curve.cohorts.length; ++i) curve.cohorts[i] = VestingCurve.pack(i, 1e9, unlocked);
        step.end = uint40(curve.cohorts.length - 2 + (end % 3));
        _checkJoining(curve, step);
        step.grant = bound(amount, uint256(type(uint128).max) - unlocked, uint256(type(uint128).max) - unlocked + 1);
        _checkJoining(curve, step);
        step.duration = 0;
        _checkJoining(curve, step);
    }

    function testFuzz_AnyWordsCanBeRead(uint128 unlocked, uint256[] memory words, uint256 time) public view {
        Curve[] memory curves = new Curve[](1);
        curves[0] = Curve(unlocked, words);
        uint256[] memory times = new uint256[](1);
        times[0] = time;
        (uint256[] memory free, uint256[] memory sums) = harness.unlockedAt(curves, times);
        assertLe(free[0], sums[0], "VEST-1 never exceeds the total, whatever the words");
    }

    /* HELPERS */

    /// @dev What decoding accepts is a whole number of words, not too many, with a first word of 128 bits; and nothing is lost.
    function _checkDecoding(bytes memory preimage) private pure {
        (bool fits, Curve memory curve) = VestingCurve.decode(preimage);
        bool expected = preimage.length % 32 == 0 && preimage.length >= 32 && preimage.length <= 27 * 32;
        for (uint256 i = 0; expected && i < 16; ++i) if (preimage[i] != 0) expected = false;
        assertEq(fits, expected, "a fault is a result");
        if (fits) assertEq(VestingCurve.encode(curve), preimage, "the same bytes again");
    }

    /// @dev Joining succeeds exactly if it is said to. Time 0 and no acceleration: the other steps change nothing.
    function _checkJoining(Curve memory curve, LibraryHarness.Step memory step) private view {
        for (uint256 i = 0; i < curve.cohorts.length; ++i) {
            // A finished cohort would be rolled away first.
            if (VestingCurve.finishOf(curve.cohorts[i]) == 0) return;
            // Nothing is accelerated, but a cohort of nothing vanishes.
            if (VestingCurve.amountOf(curve.cohorts[i]) == 0) return;
        }
        Curve[] memory curves = new Curve[](1);
        curves[0] = curve;
        LibraryHarness.Step[] memory steps = new LibraryHarness.Step[](1);
        steps[0] = step;
        bool can = VestingCurve.canJoin(curve, step.grant, step.end, step.duration);
        try harness.transition(curves, steps) returns (Curve[] memory) {
            assertTrue(can, "joined");
        } catch (bytes memory) {
            assertFalse(can, "did not join");
        }
    }

    function _twoCohorts() private pure returns (Curve memory curve) {
        curve.cohorts = new uint256[](2);
        curve.cohorts[0] = VestingCurve.pack(100, 50, 10);
        curve.cohorts[1] = VestingCurve.pack(200, 50, 20);
    }

    /// @dev A canonical curve of up to 26 cohorts, spread over all times.
    function _anyCurve(uint256 seed) private pure returns (Curve memory curve) {
        curve.unlocked = uint120(uint256(keccak256(abi.encode(seed, "unlocked"))));
        curve.cohorts = new uint256[](seed % 27);
        uint40 end = 0;
        for (uint256 i = 0; i < curve.cohorts.length; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, i)));
            // Below 2^35 a step, so 26 of them stay below 2^40.
            end += 1 + uint40(random >> (221 + (random % 24)));
            curve.cohorts[i] = VestingCurve.pack(end, 1 + uint40(random >> 100) / 2, 1 + uint128(uint120(random)));
        }
    }

    /// @dev A vector's curve: the bytes must be one.
    function _decode(bytes memory preimage) private pure returns (Curve memory curve) {
        bool fits;
        (fits, curve) = VestingCurve.decode(preimage);
        assertTrue(fits, "the vector is a curve");
    }
}
