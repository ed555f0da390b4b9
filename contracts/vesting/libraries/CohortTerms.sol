// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {EpochClock} from "../../libraries/EpochClock.sol";
import {EpochHistory} from "../../libraries/EpochHistory.sol";
import {Epoch} from "../../types/Epoch.sol";
import {IVestingVault} from "../interfaces/IVestingVault.sol";

/// @notice The terms of the cohorts from epoch `since` on.
/// @param since The epoch with which the first cohort of these terms begins.
/// @param cohortEpochs Epochs in a cohort, not 0.
/// @param duration For how long a cohort is released after its end, in seconds; 0: at once.
struct Terms {
    Epoch since;
    uint32 cohortEpochs;
    uint40 duration;
}

/// @title CohortTerms
/// @notice How time is cut into cohorts, and when that may change.
/// @dev Cohorts of one set of terms follow each other without a gap from `since` on. Terms change where a cohort of the present
/// ones would start, and never while a third set is unfinished: a curve then holds at most 13 cohorts of each of two sets, the
/// open one included, which is what {VestingCurve} allows. Each entry of the history is `since << 72 | cohortEpochs << 40 |
/// duration`.
library CohortTerms {
    using EpochHistory for EpochHistory.History;
    using SafeCast for uint256;

    /// @dev With 12 lengths of release, nobody waits for longer than 13 years.
    uint256 internal constant MAX_COHORT_LENGTH = 366 days;
    /// @dev 12 cohorts and the open one are unfinished at most.
    uint256 internal constant MAX_DURATION_COHORTS = 12;

    /// @notice The terms that an epoch falls under.
    function termsAt(EpochHistory.History storage self, Epoch epoch) internal view returns (Terms memory) {
        return _unpack(self.at(epoch));
    }

    /// @notice When the cohort that holds `epoch` ends.
    /// @param terms The terms that the epoch falls under.
    /// @param start First second of epoch 0.
    /// @param length Seconds in an epoch.
    function cohortEndOf(
        Terms memory terms,
        Epoch epoch,
        uint256 start,
        uint256 length
    ) internal pure returns (uint40) {
        uint256 cohort = (epoch.number() - terms.since.number()) / terms.cohortEpochs;
        return (start + (terms.since.number() + (cohort + 1) * terms.cohortEpochs) * length).toUint40();
    }

    /// @notice Reverts unless terms may change at `from`. Terms scheduled for `from` itself are replaced, and do not count.
    /// @param start First second of epoch 0.
    /// @param length Seconds in an epoch.
    function checkCalendar(EpochHistory.History storage self, Epoch from, uint256 start, uint256 length) internal view {
        if (from.number() == 0) return;
        Terms memory present = termsAt(self, Epoch.wrap(from.number() - 1));
        uint256 past = (from.number() - present.since.number()) % present.cohortEpochs;
        require(past == 0, IVestingVault.VestingVault_TermsInsideCohort(from, past, present.cohortEpochs));

        if (present.since.number() == 0) return;
        Terms memory older = termsAt(self, Epoch.wrap(present.since.number() - 1));
        // The last cohort of the older terms ended where the present ones began.
        uint256 finished = uint256(EpochClock.startOf(start, length, present.since)) + older.duration;
        uint256 change = EpochClock.startOf(start, length, from);
        require(change >= finished, IVestingVault.VestingVault_OlderTermsUnfinished(change, finished));
    }

    /// @notice Schedules terms within the bounds; returns those they replace from `from` on.
    /// @param terms `since` is the epoch they act from.
    /// @param epochLength Seconds in an epoch.
    function push(
        EpochHistory.History storage self,
        Terms memory terms,
        uint256 epochLength
    ) internal returns (Terms memory old) {
        uint256 length = terms.cohortEpochs * epochLength;
        require(
            length != 0 && length <= MAX_COHORT_LENGTH,
            IVestingVault.VestingVault_CohortLengthOutOfBounds(length, epochLength, MAX_COHORT_LENGTH)
        );
        uint256 most = length * MAX_DURATION_COHORTS;
        require(terms.duration <= most, IVestingVault.VestingVault_DurationAboveMax(terms.duration, most));

        uint256 word = (uint256(terms.since.number()) << 72) | (uint256(terms.cohortEpochs) << 40) | terms.duration;
        // Three fields of 104 bits together.
        return _unpack(self.push(terms.since, uint224(word)));
    }

    /// @dev The casts take the fields apart again.
    function _unpack(uint256 word) private pure returns (Terms memory) {
        return Terms({since: Epoch.wrap(uint32(word >> 72)), cohortEpochs: uint32(word >> 40), duration: uint40(word)});
    }
}
