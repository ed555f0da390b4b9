// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {PositionalMerkle} from "../../../contracts/libraries/PositionalMerkle.sol";
import {SettlementLeaf} from "../../../contracts/libraries/SettlementLeaf.sol";
import {LibraryHarness} from "../../../contracts/mocks/LibraryHarness.sol";
import {Base} from "../Base.sol";

/// @notice The settlement's tree, by the shared vectors and by properties.
contract PositionalMerkleTest is Base {
    LibraryHarness private harness = LibraryHarness(deployed("LibraryHarness", ""));

    function test_ProvesEveryLeafOfTheVectors() public view {
        string memory json = readVectors("tree");
        uint256 count = vm.parseJsonUint(json, ".count");
        assertEq(count, 9, "vectors were read");
        for (uint256 i = 0; i < count; ++i) {
            string memory key = string.concat(".trees[", vm.toString(i), "]");
            uint256 leafCount = vm.parseJsonUint(json, string.concat(key, ".leafCount"));
            uint256 depth = vm.parseJsonUint(json, string.concat(key, ".depth"));
            bytes32 root = vm.parseJsonBytes32(json, string.concat(key, ".root"));
            assertEq(PositionalMerkle.depth(leafCount), depth, "depth");
            if (leafCount == 0) {
                assertEq(root, bytes32(0), "no leaf, no root");
                continue;
            }
            bytes32[] memory leaves = vm.parseJsonBytes32Array(json, string.concat(key, ".leaves"));
            bytes32[] memory proofs = new bytes32[](0);
            if (depth != 0) proofs = vm.parseJsonBytes32Array(json, string.concat(key, ".proofs"));
            for (uint256 leaf = 0; leaf < leafCount; ++leaf) {
                bytes32[] memory siblings = new bytes32[](depth);
                for (uint256 level = 0; level < depth; ++level) siblings[level] = proofs[leaf * depth + level];
                assertTrue(harness.verify(root, leafCount, leaves[leaf], leaf, siblings), "ROOT-3 a leaf verifies");
            }
        }
    }

    function test_KnowsTheHeightOfEveryTree() public pure {
        uint256[9] memory counts = [uint256(0), 1, 2, 3, 4, 5, 1 << 20, (1 << 20) + 1, type(uint32).max];
        uint256[9] memory heights = [uint256(0), 0, 1, 2, 2, 3, 20, 21, 32];
        for (uint256 i = 0; i < counts.length; ++i) {
            assertEq(PositionalMerkle.depth(counts[i]), heights[i], "depth");
        }
    }

    function test_PaddingIsZero() public pure {
        assertEq(PositionalMerkle.node(0, 0), bytes32(0), "node(0, 0)");
        assertEq(
            PositionalMerkle.node(bytes32(uint256(1)), 0),
            keccak256(abi.encode(uint256(1), uint256(0))),
            "node(1, 0)"
        );
    }

    function testFuzz_OnlyALeafAtItsPlaceVerifies(
        uint256 seed,
        uint256 size,
        uint256 place,
        uint256 other
    ) public view {
        uint256 leafCount = bound(size, 1, 40);
        uint256 index = bound(place, 0, leafCount - 1);
        bytes32[][] memory levels = _build(seed, leafCount);
        uint256 depth = levels.length - 1;
        bytes32 root = levels[depth][0];
        bytes32 leaf = levels[0][index];
        bytes32[] memory siblings = _proof(levels, index);

        assertTrue(harness.verify(root, leafCount, leaf, index, siblings), "ROOT-3 a leaf verifies");
        assertFalse(harness.verify(root, leafCount, 0, index, siblings), "ROOT-3 no zero leaf");
        uint256 wrong = bound(other, 0, type(uint256).max);
        if (wrong != index) {
            assertFalse(harness.verify(root, leafCount, leaf, wrong, siblings), "ROOT-3 no other position");
        }
        // An index with the same low bits leads to the same root: only the bound keeps it out.
        uint256 alias_ = index + (uint256(1) << depth) * bound(other, 1, 1000);
        assertFalse(harness.verify(root, leafCount, leaf, alias_, siblings), "ROOT-3 no index outside");
        assertFalse(harness.verify(root, leafCount, leaf, index, _longer(siblings)), "ROOT-3 no longer proof");

        for (uint256 level = 1; level <= depth; ++level) {
            bytes32[] memory path = new bytes32[](depth - level);
            for (uint256 i = 0; i < path.length; ++i) path[i] = siblings[level + i];
            bytes32 inner = levels[level][index >> level];
            assertEq(harness.rootFrom(inner, index >> level, path), root, "the path is right");
            assertFalse(harness.verify(root, leafCount, inner, index >> level, path), "ROOT-3 no inner node");
        }
    }

    function testFuzz_PaddingVerifiesNowhere(uint256 seed, uint256 size, uint256 place) public view {
        uint256 leafCount = bound(size, 1, 40);
        bytes32[][] memory levels = _build(seed, leafCount);
        uint256 index = bound(place, 0, levels[0].length - 1);
        if (index < leafCount) return;
        bytes32 root = levels[levels.length - 1][0];
        bytes32[] memory siblings = _proof(levels, index);
        assertEq(harness.rootFrom(0, index, siblings), root, "the path is right");
        assertFalse(harness.verify(root, leafCount, 0, index, siblings), "ROOT-3 no padding");
    }

    function testFuzz_EveryNodeStandsAtItsPlaceOnly(
        uint256 seed,
        uint256 size,
        uint256 place,
        uint256 other
    ) public pure {
        uint256 leafCount = bound(size, 0, 40);
        bytes32[][] memory levels = _build(seed, leafCount);
        uint256 level = bound(place, 0, levels.length - 1);
        uint256 index = bound(seed, 0, levels[level].length - 1);
        bytes32 root = levels[levels.length - 1][0];
        bytes32 value = levels[level][index];
        bytes32[] memory path = _path(levels, level, index);
        assertTrue(PositionalMerkle.isNode(root, leafCount, level, index, value, path), "ROOT-3 a node");
        bytes32 otherValue = keccak256(abi.encode(value));
        assertFalse(PositionalMerkle.isNode(root, leafCount, level, index, otherValue, path), "ROOT-3 no other");
        assertFalse(
            PositionalMerkle.isNode(root, leafCount, level, index, value, _longer(path)),
            "ROOT-3 no longer path"
        );
        // Beside the level, above the tree.
        uint256 beside = levels[level].length + bound(other, 0, type(uint256).max - levels[level].length);
        assertFalse(PositionalMerkle.isNode(root, leafCount, level, beside, value, path), "ROOT-3 no such place");
        uint256 above = levels.length + bound(other, 0, type(uint256).max - levels.length);
        assertFalse(PositionalMerkle.isNode(root, leafCount, above, 0, root, new bytes32[](0)), "ROOT-3 no such level");
        uint256 elsewhere = bound(other, 0, levels[level].length - 1);
        if (levels[level][elsewhere] == value) return;
        assertFalse(PositionalMerkle.isNode(root, leafCount, level, elsewhere, value, path), "ROOT-3 no other place");
    }

    function testFuzz_A64BytePairIsNoLeaf(address account, bytes32 curve, bytes32 audit, bytes32 sibling) public view {
        // A node hashes 64 bytes; a leaf hashes the hash of 96. No fields give a leaf that is a node of chosen children.
        bytes32 leaf = SettlementLeaf.hash(account, curve, audit);
        bytes32 preimage = keccak256(abi.encode(account, curve, audit));
        assertEq(leaf, keccak256(bytes.concat(preimage)), "the leaf is hashed twice");
        assertNotEq(leaf, PositionalMerkle.node(curve, audit), "ROOT-3 no 64-byte pair");
        assertNotEq(leaf, PositionalMerkle.node(preimage, sibling), "ROOT-3 no 64-byte pair");
        assertNotEq(leaf, PositionalMerkle.node(preimage, 0), "ROOT-3 no 64-byte pair");
        bytes32[] memory one = new bytes32[](1);
        one[0] = sibling;
        bytes32 root = PositionalMerkle.node(leaf, sibling);
        assertFalse(harness.verify(root, 1, root, 0, one), "ROOT-3 exact length");
        assertFalse(harness.verify(root, 2, preimage, 0, one), "ROOT-3 the inner hash is no leaf");
    }

    /* HELPERS */

    /// @dev All levels with padding, leaves first.
    function _build(uint256 seed, uint256 leafCount) private pure returns (bytes32[][] memory levels) {
        uint256 depth = PositionalMerkle.depth(leafCount);
        levels = new bytes32[][](depth + 1);
        levels[0] = new bytes32[](uint256(1) << depth);
        for (uint256 i = 0; i < leafCount; ++i) levels[0][i] = keccak256(abi.encode(seed, i));
        for (uint256 level = 1; level <= depth; ++level) {
            levels[level] = new bytes32[](levels[level - 1].length / 2);
            for (uint256 i = 0; i < levels[level].length; ++i) {
                bytes32[] memory below = levels[level - 1];
                levels[level][i] = PositionalMerkle.node(below[2 * i], below[2 * i + 1]);
            }
        }
    }

    function _proof(bytes32[][] memory levels, uint256 index) private pure returns (bytes32[] memory siblings) {
        siblings = _path(levels, 0, index);
    }

    function _path(
        bytes32[][] memory levels,
        uint256 level,
        uint256 index
    ) private pure returns (bytes32[] memory path) {
        path = new bytes32[](levels.length - 1 - level);
        for (uint256 i = 0; i < path.length; ++i) path[i] = levels[level + i][(index >> i) ^ 1];
    }

    function _longer(bytes32[] memory siblings) private pure returns (bytes32[] memory longer) {
        longer = new bytes32[](siblings.length + 1);
        for (uint256 i = 0; i < siblings.length; ++i) longer[i] = siblings[i];
    }
}
