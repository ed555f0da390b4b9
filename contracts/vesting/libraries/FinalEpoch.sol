// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {PositionalMerkle} from "../../libraries/PositionalMerkle.sol";

/// @notice A final epoch.
/// @param head All that most claims read: the root's upper 216 bits, 32 of the leaf count, and 8 that say that at least two to
/// their power was granted.
/// @param totalGranted All that was granted up to and including the epoch, in wei.
/// @param rootTail The root's lower 40 bits.
struct FinalEpoch {
    uint256 head;
    uint128 totalGranted;
    uint40 rootTail;
}

/// @title FinalEpochs
/// @notice What a claim asks of a final epoch, out of one word.
/// @dev Two trees whose roots agree in 216 bits cannot be found with less than 2^108 hashes, and a second one for a given root not
/// with less than 2^216. The head of an epoch that is not final is 0: it holds no leaf.
library FinalEpochs {
    using SafeCast for uint256;

    uint256 private constant TAIL_BITS = 40;
    uint256 private constant COUNT_SHIFT = 8;

    /// @notice Puts an epoch together.
    /// @param granted All that was granted up to and including the epoch, in wei; below 2^128.
    function pack(bytes32 root, uint32 leafCount, uint256 granted) internal pure returns (FinalEpoch memory) {
        uint256 word = uint256(root);
        return
            FinalEpoch({
                head: _cut(word) | (uint256(leafCount) << COUNT_SHIFT) | Math.log2(granted),
                totalGranted: granted.toUint128(),
                // The cast keeps the lowest 40 bits.
                rootTail: uint40(word)
            });
    }

    /// @notice The root, whole, and how many leaves it has.
    function tree(FinalEpoch storage self) internal view returns (bytes32 root, uint32 leafCount) {
        uint256 head = self.head;
        // The cast keeps the field's own 32 bits.
        return (bytes32(_cut(head) | self.rootTail), uint32(head >> COUNT_SHIFT));
    }

    /// @notice Whether a leaf stands at `index` of the tree.
    function holds(uint256 head, bytes32 leaf, uint256 index, bytes32[] calldata proof) internal pure returns (bool) {
        uint256 leafCount = (head >> COUNT_SHIFT) & type(uint32).max;
        return PositionalMerkle.verifyHead(bytes32(head), TAIL_BITS, leafCount, leaf, index, proof);
    }

    /// @notice Whether a sum is below the power of two that the head knows of: if not, only the total itself can tell.
    function isWithin(uint256 head, uint256 sum) internal pure returns (bool) {
        return sum >> (head & type(uint8).max) == 0;
    }

    /// @dev A root's part of a word.
    function _cut(uint256 word) private pure returns (uint256) {
        return (word >> TAIL_BITS) << TAIL_BITS;
    }
}
