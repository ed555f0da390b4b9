// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Audit, AuditFault, SettlementLeaf} from "../../libraries/SettlementLeaf.sol";
import {Curve, CurveFault, VestingCurve} from "../../vesting/libraries/VestingCurve.sol";

/// @notice The three words of a leaf as they are: nothing says that the first one is an address.
/// @param account The word that should be the account.
/// @param curveHash Hash of its vesting curve's preimage.
/// @param auditHash Hash of its audit's preimage.
struct LeafWords {
    uint256 account;
    bytes32 curveHash;
    bytes32 auditHash;
}

/// @title RawLeaf
/// @notice Reads the bytes of a leaf, and those behind its hashes, without trusting them.
/// @dev Whoever made the tree chose these bytes, so no function here reverts on any of them: what is wrong is a result, since it
/// is itself a proof. What an account, a curve or an audit must be to be canonical is said here, and only here.
library RawLeaf {
    using VestingCurve for Curve;

    /// @notice Length of `abi.encode(address, bytes32, bytes32)`.
    uint256 internal constant LENGTH = 96;

    /// @notice The node of the tree that a leaf with these bytes is.
    function hash(bytes memory leaf) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(keccak256(leaf)));
    }

    /// @notice The words of a leaf of {LENGTH} bytes.
    /// @dev With other bytes there are no words; `fits` is false, and all of them are 0.
    function words(bytes memory leaf) internal pure returns (bool fits, LeafWords memory leafWords) {
        if (leaf.length != LENGTH) return (false, leafWords);
        // Any three words decode: none of these types is narrower than a word.
        return (true, abi.decode(leaf, (LeafWords)));
    }

    /// @notice Whether a leaf's bytes name an account that may have a leaf: the right length, a clean address, not 0, none of
    /// the forbidden ones.
    function isWellFormed(bytes memory leaf, address[4] memory forbidden) internal pure returns (bool) {
        (bool fits, LeafWords memory leafWords) = words(leaf);
        uint256 account = leafWords.account;
        if (!fits || account == 0 || account > type(uint160).max) return false;
        for (uint256 i = 0; i < forbidden.length; ++i) if (account == uint160(forbidden[i])) return false;
        return true;
    }

    /// @notice The bytes behind a curve hash, as a curve that is canonical at `time`.
    /// @return fits Whether they are one; if not, `curve` is not to be used.
    /// @return curve The curve.
    function readCurve(bytes memory preimage, uint256 time) internal pure returns (bool fits, Curve memory curve) {
        (fits, curve) = VestingCurve.decode(preimage);
        if (fits && curve.faultAt(time) != CurveFault.None) fits = false;
    }

    /// @notice The bytes behind an audit hash, as the audit of an epoch with so many tasks and cohorts.
    /// @return fits Whether they are one; if not, `audit` is not to be used.
    /// @return audit The figures.
    function readAudit(
        bytes memory preimage,
        uint256 tasks,
        uint256 cohorts
    ) internal pure returns (bool fits, Audit memory audit) {
        AuditFault fault;
        (fault, audit) = SettlementLeaf.decode(preimage, tasks, cohorts);
        fits = fault == AuditFault.None;
    }
}
