// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title PositionalMerkle
/// @notice Proves that a leaf stands at a given position of a settlement's tree.
/// @dev A binary tree over `leafCount` leaves, padded with zeros to a power of two. It is *positional*: a node hashes its
/// left child before its right one, so the index decides the side at every level and a leaf can be proven at one position
/// only. `node(0, 0) = 0`, so padding costs nothing. One leaf is its own root; no leaf gives the root 0.
/// A node is the hash of 64 bytes while a leaf is the hash of a 32-byte hash (see {SettlementLeaf}): neither passes for the other.
library PositionalMerkle {
    /// @notice The height of a tree of `leafCount` leaves, ceil(log2(leafCount)): the exact length of its proofs; 0 for 0 and 1.
    function depth(uint256 leafCount) internal pure returns (uint256 height) {
        if (leafCount < 2) return 0;
        // The bit length of leafCount - 1 is ceil(log2(leafCount)).
        for (uint256 rest = leafCount - 1; rest != 0; rest >>= 1) ++height;
    }

    /// @notice The parent of two nodes: 0 if both are 0 (padding), else keccak256(left ++ right).
    function node(bytes32 left, bytes32 right) internal pure returns (bytes32) {
        if (left == 0 && right == 0) return 0;
        return _hash(left, right);
    }

    /// @notice The root that `leaf` at `index` leads to with the given siblings, from the bottom up.
    /// @dev Bits of `index` above the number of siblings are ignored: {verify} is what checks the position.
    function rootFrom(bytes32 leaf, uint256 index, bytes32[] calldata siblings) internal pure returns (bytes32 root) {
        root = leaf;
        for (uint256 level = 0; level < siblings.length; ++level) {
            bytes32 sibling = siblings[level];
            root = index & 1 == 0 ? node(root, sibling) : node(sibling, root);
            index >>= 1;
        }
    }

    /// @notice Whether `leaf` stands at `index` of the tree with this root and leaf count.
    /// @dev True only if the leaf is not 0, the index is below the leaf count and the proof is exactly as long as the tree is
    /// high. Never reverts.
    /// @param root The tree's root.
    /// @param leafCount The number of its leaves, padding not counted.
    /// @param leaf The leaf's hash.
    /// @param index Its position, from 0.
    /// @param siblings The sibling hashes from the leaf upwards.
    function verify(
        bytes32 root,
        uint256 leafCount,
        bytes32 leaf,
        uint256 index,
        bytes32[] calldata siblings
    ) internal pure returns (bool) {
        if (leaf == 0 || index >= leafCount || !_fits(siblings.length, leafCount)) return false;
        return _climb(leaf, index, siblings) == root;
    }

    /// @notice Whether `value` stands at `index` of a level of the tree with this root and leaf count; level 0 are the leaves.
    /// @dev True only if the tree has such a place and the path is exactly as long as the tree is high above it. The value may be
    /// 0, and may be padding: what must stand there is not asked. Never reverts.
    /// @param root The tree's root.
    /// @param leafCount The number of its leaves, padding not counted; a tree without leaves has one place, its root.
    /// @param level The level, from the leaves upwards.
    /// @param index The position in that level, from 0.
    /// @param value The node's hash.
    /// @param siblings The sibling hashes from the node upwards.
    function isNode(
        bytes32 root,
        uint256 leafCount,
        uint256 level,
        uint256 index,
        bytes32 value,
        bytes32[] memory siblings
    ) internal pure returns (bool) {
        uint256 height = depth(leafCount);
        // A shift by 256 or more gives 0, but no list that long gets past the check before it.
        if (level > height || siblings.length != height - level || index >> siblings.length != 0) return false;
        for (uint256 i = 0; i < siblings.length; ++i) {
            value = index & 1 == 0 ? node(value, siblings[i]) : node(siblings[i], value);
            index >>= 1;
        }
        return value == root;
    }

    /// @dev Whether `height` is {depth} of `leafCount`, which is not 0: 2^(height - 1) < leafCount <= 2^height. Without a loop.
    function _fits(uint256 height, uint256 leafCount) private pure returns (bool) {
        // A shift by 256 or more gives 0, and with it false.
        return leafCount <= 1 << height && (height == 0 || leafCount > 1 << (height - 1));
    }

    /// @dev {rootFrom} for a leaf that is not 0: no node above it is padding. Each level's two halves go straight to their
    /// sides in scratch space, without a branch: the claim's proof costs a third of what it does in Solidity.
    function _climb(bytes32 leaf, uint256 index, bytes32[] calldata siblings) private pure returns (bytes32 root) {
        root = leaf;
        if (siblings.length == 0) return root;
        assembly ("memory-safe") {
            let at := siblings.offset
            let end := add(at, shl(5, siblings.length))
            for {} 1 {} {
                let side := shl(5, and(index, 1))
                mstore(side, root)
                mstore(xor(side, 0x20), calldataload(at))
                root := keccak256(0x00, 0x40)
                index := shr(1, index)
                at := add(at, 0x20)
                if iszero(lt(at, end)) {
                    break
                }
            }
        }
    }

    /// @dev keccak256 of 64 bytes in scratch space: no memory is allocated, which at depth 20 halves the price of a proof.
    function _hash(bytes32 left, bytes32 right) private pure returns (bytes32 result) {
        assembly ("memory-safe") {
            mstore(0x00, left)
            mstore(0x20, right)
            result := keccak256(0x00, 0x40)
        }
    }
}
