// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {Epoch} from "../types/Epoch.sol";

/// @title EpochHistory
/// @notice A value that changes by epoch: what was in force in any epoch, past or future, can always be asked.
/// @dev One storage slot per change (32 bits of epoch, 224 of value). A value acts from its epoch on until the next entry;
/// before the first entry it is 0. Who may push, and that the epoch has not started, is the caller's rule.
library EpochHistory {
    using Checkpoints for Checkpoints.Trace224;

    /// @dev The changes by rising epoch.
    struct History {
        Checkpoints.Trace224 _trace;
    }

    /// @notice Thrown when a change is scheduled before one that is already scheduled.
    error EpochHistory_OutOfOrder(Epoch from, Epoch last);

    /// @notice Schedules `value` from epoch `from` on; the same epoch again overwrites.
    /// @return replaced What would have been in force in `from` without this change.
    function push(History storage self, Epoch from, uint224 value) internal returns (uint224 replaced) {
        (bool exists, uint32 last, ) = self._trace.latestCheckpoint();
        require(!exists || Epoch.unwrap(from) >= last, EpochHistory_OutOfOrder(from, Epoch.wrap(last)));
        (replaced, ) = self._trace.push(Epoch.unwrap(from), value);
    }

    /// @notice The value in force in `epoch`; 0 before the first entry.
    function at(History storage self, Epoch epoch) internal view returns (uint224) {
        return self._trace.upperLookupRecent(Epoch.unwrap(epoch));
    }

    /// @notice The last scheduled value, in force or still to come; 0 if there is none.
    function latest(History storage self) internal view returns (uint224) {
        return self._trace.latest();
    }

    /// @notice The epoch of the last entry, and whether there is one.
    function lastFrom(History storage self) internal view returns (bool exists, Epoch from) {
        uint32 key;
        (exists, key, ) = self._trace.latestCheckpoint();
        from = Epoch.wrap(key);
    }
}
