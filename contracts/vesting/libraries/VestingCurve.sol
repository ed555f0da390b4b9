// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice What an account has been granted and when it becomes free.
/// @param unlocked Wei that are free already, whatever the time.
/// @param cohorts Words `end uint40 << 168 | duration uint40 << 128 | amount uint128`, by rising end.
struct Curve {
    uint128 unlocked;
    uint256[] cohorts;
}

/// @notice Why a curve is not canonical; `None` if it is.
enum CurveFault {
    None,
    TooManyCohorts,
    DirtyWord,
    ZeroAmount,
    ZeroDuration,
    EndsNotRising,
    CohortFinished,
    TotalTooLarge
}

/// @title VestingCurve
/// @notice The release of granted tokens as a function of time: no stored positions, no upkeep.
/// @dev A curve is an amount that is free plus cohorts; a cohort of `amount` is released linearly over `duration` seconds from
/// its `end`:
///
///   unlockedAt(t) = unlocked + Σ ( t <= end            ? 0
///                                : t >= end + duration ? amount
///                                :                       amount * (t - end) / duration, rounded down per cohort )
///
/// Rounding down means that never more is released than was granted; at a cohort's finish its last wei is free. The function
/// never falls in t, and is at most the curve's total.
///
/// A curve is *canonical* at time t when its ends rise strictly, no amount or duration is 0, no cohort is finished
/// (`end + duration > t`), the bits above the word's fields are 0, there are at most 26 cohorts and the total is below 2^128.
/// Its hash is that of `unlocked` as a 32-byte word followed by its cohort words.
///
/// The transition at an epoch's end t: {roll}, then {accelerate} (the protocol's own curve: {accelerateEach}), then {join}.
/// These change the given curve in memory and return it.
library VestingCurve {
    /// @dev 13 cohorts may be unfinished per set of terms (12 cohort lengths and the open one), of two sets at a time.
    uint256 internal constant MAX_COHORTS = 26;

    uint256 private constant DURATION_SHIFT = 128;
    uint256 private constant END_SHIFT = 168;
    uint256 private constant USED_BITS = 208;
    uint256 private constant AMOUNT_MASK = 0xffffffffffffffffffffffffffffffff;
    uint256 private constant TIME_MASK = 0xffffffffff;

    /// @notice Thrown when a curve's figures would leave their 128 bits.
    error VestingCurve_AmountTooLarge(uint256 amount, uint256 max);
    /// @notice Thrown when more is to be accelerated than a curve or a cohort still holds.
    error VestingCurve_AccelerationTooLarge(uint256 amount, uint256 left);
    /// @notice Thrown when the figures given do not match the curve's cohorts one to one.
    error VestingCurve_LengthMismatch(uint256 given, uint256 cohorts);
    /// @notice Thrown when a grant is to join a cohort older than the curve's newest.
    error VestingCurve_CohortNotNewest(uint40 end, uint40 newest);
    /// @notice Thrown when a curve already has as many cohorts as it may.
    error VestingCurve_TooManyCohorts(uint256 cohorts, uint256 max);

    /* WORDS */

    /// @notice A cohort as one word. `amount` is in wei, `end` in Unix seconds, `duration` in seconds.
    function pack(uint40 end, uint40 duration, uint128 amount) internal pure returns (uint256 word) {
        return (uint256(end) << END_SHIFT) | (uint256(duration) << DURATION_SHIFT) | amount;
    }

    /// @notice When the cohort's release begins.
    function endOf(uint256 word) internal pure returns (uint40) {
        // The cast keeps the field's own 40 bits.
        return uint40(word >> END_SHIFT);
    }

    /// @notice Over how many seconds the cohort is released.
    function durationOf(uint256 word) internal pure returns (uint40) {
        // The cast keeps the field's own 40 bits.
        return uint40(word >> DURATION_SHIFT);
    }

    /// @notice What the cohort holds, in wei.
    function amountOf(uint256 word) internal pure returns (uint128) {
        // The cast keeps the field's own 128 bits.
        return uint128(word);
    }

    /// @notice The moment from which all of the cohort is free.
    function finishOf(uint256 word) internal pure returns (uint256) {
        return uint256(endOf(word)) + durationOf(word);
    }

    /// @notice What one cohort has released at `time`, rounded down.
    function releasedDown(uint256 word, uint256 time) internal pure returns (uint256) {
        uint256 end = endOf(word);
        if (time <= end) return 0;
        uint256 duration = durationOf(word);
        uint256 elapsed = time - end;
        // A duration of 0 always ends here, so the division below is safe on any word.
        if (elapsed >= duration) return amountOf(word);
        // No overflow: amount < 2^128 and elapsed < duration < 2^40.
        unchecked {
            return (uint256(amountOf(word)) * elapsed) / duration;
        }
    }

    /* READING */

    /// @notice What of the curve is free at `time`, rounded down per cohort. Defined for any words, canonical or not.
    function unlockedAt(Curve memory curve, uint256 time) internal pure returns (uint256 amount) {
        amount = curve.unlocked;
        uint256[] memory cohorts = curve.cohorts;
        for (uint256 i = 0; i < cohorts.length; ++i) amount += releasedDown(cohorts[i], time);
    }

    /// @notice The curve's total: everything that will ever be free.
    function total(Curve memory curve) internal pure returns (uint256) {
        return curve.unlocked + left(curve);
    }

    /// @notice The face amounts of the curve's cohorts, released in part or not.
    function left(Curve memory curve) internal pure returns (uint256 amount) {
        uint256[] memory cohorts = curve.cohorts;
        for (uint256 i = 0; i < cohorts.length; ++i) amount += amountOf(cohorts[i]);
    }

    /// @notice How many cohorts are not finished at `time`.
    function unfinished(Curve memory curve, uint256 time) internal pure returns (uint256 count) {
        uint256[] memory cohorts = curve.cohorts;
        for (uint256 i = 0; i < cohorts.length; ++i) if (finishOf(cohorts[i]) > time) ++count;
    }

    /// @notice The curve's hash: keccak256 of `unlocked` as a word followed by the cohort words.
    function hash(Curve memory curve) internal pure returns (bytes32) {
        return keccak256(encode(curve));
    }

    /// @notice The preimage of {hash}.
    function encode(Curve memory curve) internal pure returns (bytes memory) {
        return abi.encodePacked(uint256(curve.unlocked), curve.cohorts);
    }

    /// @notice Reads the preimage of {hash}; says whether the bytes are one instead of reverting, since what is none is a proof.
    /// @dev Looks at lengths and at `unlocked` only: what the cohorts' words hold is {faultAt}'s to judge. At most 26 cohorts are
    /// ever copied, however long the preimage.
    /// @param preimage The raw bytes behind a curve hash.
    /// @return fits Whether these are whole words, at least one and at most 27, and the first is below 2^128; if not, `curve` is
    /// not to be used.
    /// @return curve The curve.
    function decode(bytes memory preimage) internal pure returns (bool fits, Curve memory curve) {
        if (!isEncodedLength(preimage.length)) return (false, curve);
        uint256 words = preimage.length / 32;
        uint256 unlocked = _word(preimage, 0);
        if (unlocked > type(uint128).max) return (false, curve);
        // Checked in the line above.
        curve.unlocked = uint128(unlocked);
        curve.cohorts = new uint256[](words - 1);
        for (uint256 i = 1; i < words; ++i) curve.cohorts[i - 1] = _word(preimage, i);
        return (true, curve);
    }

    /// @notice Whether a preimage of {hash} can have this length in bytes: whole words, at least one and at most 27.
    function isEncodedLength(uint256 length) internal pure returns (bool) {
        return length != 0 && length % 32 == 0 && length / 32 <= MAX_COHORTS + 1;
    }

    /// @notice All that a claim asks of a curve whose cohorts are in calldata, in one pass: {hash}, {unlockedAt}, and {total}.
    /// @dev Defined for any words, canonical or not. In assembly, because that is half the price. Sums cannot overflow: each term is
    /// below 2^128, and calldata cannot hold 2^128 words.
    /// @param unlocked What is free whatever the time, in wei; below 2^128.
    /// @param cohorts The cohorts' words.
    /// @param time Unix seconds.
    /// @return id The curve's hash.
    /// @return free What of it is free at `time`, rounded down per cohort, in wei.
    /// @return sum Everything that will ever be free, in wei.
    function openCalldata(
        uint256 unlocked,
        uint256[] calldata cohorts,
        uint256 time
    ) internal pure returns (bytes32 id, uint256 free, uint256 sum) {
        free = unlocked;
        sum = unlocked;
        assembly ("memory-safe") {
            let at := cohorts.offset
            let size := shl(5, cohorts.length)
            // Written behind the free pointer and not kept: a claim needs the hash only.
            let start := mload(0x40)
            mstore(start, unlocked)
            calldatacopy(add(start, 0x20), at, size)
            id := keccak256(start, add(size, 0x20))
            for {
                let last := add(at, size)
            } lt(at, last) {
                at := add(at, 0x20)
            } {
                let word := calldataload(at)
                let amount := and(word, AMOUNT_MASK)
                sum := add(sum, amount)
                // {releasedDown}: before the end, `elapsed` is larger than any duration.
                let end := and(shr(END_SHIFT, word), TIME_MASK)
                let elapsed := sub(time, end)
                let duration := and(shr(DURATION_SHIFT, word), TIME_MASK)
                let released := div(mul(amount, elapsed), duration)
                if iszero(lt(elapsed, duration)) {
                    released := mul(gt(time, end), amount)
                }
                free := add(free, released)
            }
        }
    }

    /// @notice Why the curve is not canonical at `time`, the first reason in the order of {CurveFault}; `None` if it is.
    function faultAt(Curve memory curve, uint256 time) internal pure returns (CurveFault) {
        uint256[] memory cohorts = curve.cohorts;
        if (cohorts.length > MAX_COHORTS) return CurveFault.TooManyCohorts;
        uint256 sum = curve.unlocked;
        for (uint256 i = 0; i < cohorts.length; ++i) {
            uint256 word = cohorts[i];
            if (word >> USED_BITS != 0) return CurveFault.DirtyWord;
            if (amountOf(word) == 0) return CurveFault.ZeroAmount;
            if (durationOf(word) == 0) return CurveFault.ZeroDuration;
            if (i != 0 && endOf(word) <= endOf(cohorts[i - 1])) return CurveFault.EndsNotRising;
            if (finishOf(word) <= time) return CurveFault.CohortFinished;
            sum += amountOf(word);
        }
        return sum > type(uint128).max ? CurveFault.TotalTooLarge : CurveFault.None;
    }

    /* THE TRANSITION AT AN EPOCH'S END */

    /// @notice Moves every cohort finished at `time` into `unlocked`. What is free at `time` or later does not change.
    function roll(Curve memory curve, uint256 time) internal pure returns (Curve memory) {
        uint256[] memory cohorts = curve.cohorts;
        uint256 unlocked = curve.unlocked;
        uint256 kept = 0;
        for (uint256 i = 0; i < cohorts.length; ++i) {
            uint256 word = cohorts[i];
            if (finishOf(word) <= time) unlocked += amountOf(word);
            else cohorts[kept++] = word;
        }
        _shrink(cohorts, kept);
        curve.unlocked = _amount(unlocked);
        return curve;
    }

    /// @notice The most that may be accelerated of what is left in cohorts, rounded down. `bound` is a wad, at most 1e18.
    function accelerationLimitDown(uint256 leftInCohorts, uint256 bound) internal pure returns (uint256) {
        return (leftInCohorts * bound) / 1e18;
    }

    /// @notice Moves `amount` from the cohorts into `unlocked`, oldest end first, in face amounts; emptied cohorts vanish.
    /// @dev Requirements: `amount` is at most what is {left}. The protocol's bound is the caller's ({accelerationLimitDown}).
    function accelerate(Curve memory curve, uint256 amount) internal pure returns (Curve memory) {
        uint256[] memory cohorts = curve.cohorts;
        uint256 rest = amount;
        uint256 kept = 0;
        for (uint256 i = 0; i < cohorts.length; ++i) {
            uint256 word = cohorts[i];
            uint256 face = amountOf(word);
            uint256 taken = rest < face ? rest : face;
            rest -= taken;
            // The amount is the word's lowest field, and taken is at most the amount.
            if (taken != face) cohorts[kept++] = word - taken;
        }
        require(rest == 0, VestingCurve_AccelerationTooLarge(amount, amount - rest));
        _shrink(cohorts, kept);
        curve.unlocked = _amount(curve.unlocked + amount);
        return curve;
    }

    /// @notice Moves `amounts[j]` from cohort `j` into `unlocked`, for every cohort; emptied cohorts vanish.
    /// @dev Requirements: one amount per cohort, none larger than its cohort.
    function accelerateEach(Curve memory curve, uint128[] memory amounts) internal pure returns (Curve memory) {
        uint256[] memory cohorts = curve.cohorts;
        require(amounts.length == cohorts.length, VestingCurve_LengthMismatch(amounts.length, cohorts.length));
        uint256 unlocked = curve.unlocked;
        uint256 kept = 0;
        for (uint256 i = 0; i < cohorts.length; ++i) {
            uint256 word = cohorts[i];
            uint256 face = amountOf(word);
            uint256 taken = amounts[i];
            require(taken <= face, VestingCurve_AccelerationTooLarge(taken, face));
            unlocked += taken;
            // The amount is the word's lowest field, and taken is at most the amount.
            if (taken != face) cohorts[kept++] = word - taken;
        }
        _shrink(cohorts, kept);
        curve.unlocked = _amount(unlocked);
        return curve;
    }

    /// @notice Adds a grant to the cohort that ends at `end`, opening it if need be; a `duration` of 0 makes it free at once.
    /// @dev Requirements: no cohort of the curve ends later; all figures stay below 2^128; at most 26 cohorts. An amount of 0
    /// changes nothing. The terms of a cohort were fixed when it was opened, so `duration` counts only when it is.
    function join(
        Curve memory curve,
        uint256 amount,
        uint40 end,
        uint40 duration
    ) internal pure returns (Curve memory) {
        if (amount == 0) return curve;
        if (duration == 0) {
            curve.unlocked = _amount(curve.unlocked + amount);
            return curve;
        }
        uint256[] memory cohorts = curve.cohorts;
        uint256 count = cohorts.length;
        if (count != 0) {
            uint256 word = cohorts[count - 1];
            uint40 newest = endOf(word);
            require(newest <= end, VestingCurve_CohortNotNewest(end, newest));
            if (newest == end) {
                cohorts[count - 1] = pack(end, durationOf(word), _amount(amountOf(word) + amount));
                return curve;
            }
        }
        require(count < MAX_COHORTS, VestingCurve_TooManyCohorts(count, MAX_COHORTS));
        uint256[] memory grown = new uint256[](count + 1);
        for (uint256 i = 0; i < count; ++i) grown[i] = cohorts[i];
        grown[count] = pack(end, duration, _amount(amount));
        curve.cohorts = grown;
        return curve;
    }

    /// @notice Whether {join} with the same arguments would succeed. Never reverts, on any words.
    function canJoin(Curve memory curve, uint256 amount, uint40 end, uint40 duration) internal pure returns (bool) {
        if (amount == 0) return true;
        if (amount > type(uint128).max) return false;
        if (duration == 0) return curve.unlocked + amount <= type(uint128).max;
        uint256 count = curve.cohorts.length;
        if (count != 0) {
            uint256 word = curve.cohorts[count - 1];
            if (endOf(word) > end) return false;
            if (endOf(word) == end) return amountOf(word) + amount <= type(uint128).max;
        }
        return count < MAX_COHORTS;
    }

    /* INTERNAL */

    /// @dev Word `index` of `data`; the caller has checked the length.
    function _word(bytes memory data, uint256 index) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(add(data, 0x20), shl(5, index)))
        }
    }

    function _amount(uint256 value) private pure returns (uint128) {
        require(value <= type(uint128).max, VestingCurve_AmountTooLarge(value, type(uint128).max));
        // Checked in the line above.
        return uint128(value);
    }

    /// @dev Cuts an array in memory to its first `length` words; `length` is at most its length.
    function _shrink(uint256[] memory words, uint256 length) private pure {
        assembly ("memory-safe") {
            mstore(words, length)
        }
    }
}
