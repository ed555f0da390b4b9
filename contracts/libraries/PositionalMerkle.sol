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
        return verifyHead(root, 0, leafCount, leaf, index, siblings);
    }

    /// @notice {verify}, where the lowest `unknown` bits of the root are not known.
    function verifyHead(
        bytes32 root,
        uint256 unknown,
        uint256 leafCount,
        bytes32 leaf,
        uint256 index,
        bytes32[] calldata siblings
    ) internal pure returns (bool) {
        // One by one: an `or` of three is dearer by 100 gas.
        if (leaf == 0) return false;
        if (index >= leafCount) return false;
        if (!_fits(siblings.length, leafCount)) return false;
        return uint256(_climb(leaf, index, siblings) ^ root) >> unknown == 0;
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

    /// @dev Whether `height` is {depth} of `leafCount`, which is above 0 and below 2^255: the bit length of leafCount - 1. Without
    /// a loop: 2 * (leafCount - 1) + 1 has one bit more, and is 1 once shifted by all bits but one.
    function _fits(uint256 height, uint256 leafCount) private pure returns (bool) {
        unchecked {
            return (2 * leafCount - 1) >> height == 1;
        }
    }

    /// @dev {rootFrom} for a leaf that is not 0: no node above it is padding. Each sibling is written to both sides of scratch space
    /// and the node over one of them, without a branch. Four levels in one turn of the loop, written out: 25 gas a level less.
    function _climb(bytes32 leaf, uint256 index, bytes32[] calldata siblings) private pure returns (bytes32 root) {
        assembly ("memory-safe") {
            root := leaf
            // A left half goes to 0x00, a right one to 0x20: bit 5 is the node's side.
            let path := shl(5, index)
            let at := siblings.offset
            let end := add(at, shl(5, siblings.length))
            for {
                let few := add(at, shl(5, and(siblings.length, 3)))
            } lt(at, few) {
                at := add(at, 0x20)
            } {
                let sibling := calldataload(at)
                mstore(0x00, sibling)
                mstore(0x20, sibling)
                mstore(and(path, 0x20), root)
                root := keccak256(0x00, 0x40)
                path := shr(1, path)
            }
            for {} lt(at, end) {
                at := add(at, 0x80)
            } {
                let sibling := calldataload(at)
                mstore(0x00, sibling)
                mstore(0x20, sibling)
                mstore(and(path, 0x20), root)
                root := keccak256(0x00, 0x40)
                sibling := calldataload(add(at, 0x20))
                mstore(0x00, sibling)
                mstore(0x20, sibling)
                mstore(and(shr(1, path), 0x20), root)
                root := keccak256(0x00, 0x40)
                sibling := calldataload(add(at, 0x40))
                mstore(0x00, sibling)
                mstore(0x20, sibling)
                mstore(and(shr(2, path), 0x20), root)
                root := keccak256(0x00, 0x40)
                sibling := calldataload(add(at, 0x60))
                mstore(0x00, sibling)
                mstore(0x20, sibling)
                mstore(and(shr(3, path), 0x20), root)
                root := keccak256(0x00, 0x40)
                path := shr(4, path)
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
