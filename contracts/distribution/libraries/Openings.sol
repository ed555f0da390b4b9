// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {PositionalMerkle} from "../../libraries/PositionalMerkle.sol";
import {Absence, CurveOpening, ISettlementVerifier, NodeOpening, Opening} from "../interfaces/ISettlementVerifier.sol";
import {LeafWords, RawLeaf} from "./RawLeaf.sol";

/// @notice A settlement's tree as the chain knows it.
/// @param root Its root; 0 if it has no leaf.
/// @param leafCount The number of its leaves.
struct Tree {
    bytes32 root;
    uint256 leafCount;
}

/// @title Openings
/// @notice What stands at a place of a tree, and whether an account has a leaf in it.
/// @dev Reverts, with what is wrong, on whatever the prover could have given better: a wrong place, path, neighbour or
/// preimage. It never reverts on what a leaf that was really in the tree contains, but where a proof needs words that the leaf
/// has not got: that leaf is malformed, and {Fault-Malformed} is the proof of it.
library Openings {
    /// @notice Reverts unless the node stands where it is said to stand.
    function checkNode(Tree memory tree, NodeOpening memory at) internal pure {
        require(
            PositionalMerkle.isNode(tree.root, tree.leafCount, at.level, at.index, at.node, at.siblings),
            ISettlementVerifier.SettlementVerifier_NotInTree(at.level, at.index)
        );
    }

    /// @notice The words of a leaf of the tree; reverts if it is none, or if its bytes are not those of three words.
    function open(Tree memory tree, Opening memory at) internal pure returns (LeafWords memory leafWords) {
        require(
            at.index < tree.leafCount &&
                PositionalMerkle.isNode(tree.root, tree.leafCount, 0, at.index, RawLeaf.hash(at.leaf), at.siblings),
            ISettlementVerifier.SettlementVerifier_NotInTree(0, at.index)
        );
        bool fits;
        (fits, leafWords) = RawLeaf.words(at.leaf);
        require(fits, ISettlementVerifier.SettlementVerifier_Malformed(at.index));
    }

    /// @notice Reverts unless the bytes hash to what is expected.
    function checkPreimage(bytes memory preimage, bytes32 expected) internal pure {
        bytes32 given = keccak256(preimage);
        require(given == expected, ISettlementVerifier.SettlementVerifier_PreimageMismatch(given, expected));
    }

    /// @notice Reverts unless the second position is the one after the first.
    function checkAdjacent(uint256 left, uint256 right) internal pure {
        require(right == left + 1, ISettlementVerifier.SettlementVerifier_NotAdjacent(left, right));
    }

    /// @notice Reverts unless a list has as many elements as it should.
    function checkLength(uint256 given, uint256 expected) internal pure {
        require(given == expected, ISettlementVerifier.SettlementVerifier_LengthMismatch(given, expected));
    }

    /// @notice Reverts unless the account has no leaf in the tree, or only one that is malformed, which counts as none.
    /// @param tree The tree.
    /// @param account The word that stands for the account in leaves.
    /// @param absence The proof.
    /// @param time The end of the tree's epoch: its curves are canonical at that moment.
    /// @param forbidden Accounts that can have no leaf.
    function checkAbsent(
        Tree memory tree,
        uint256 account,
        Absence memory absence,
        uint256 time,
        address[4] memory forbidden
    ) internal pure {
        if (absence.malformed.length == 0) return checkBetween(tree, account, absence);
        checkLength(absence.malformed.length, 1);
        checkLength(absence.left.length + absence.right.length, 0);
        CurveOpening memory own = absence.malformed[0];
        LeafWords memory leafWords = open(tree, own.at);
        require(
            leafWords.account == account,
            ISettlementVerifier.SettlementVerifier_AccountMismatch(leafWords.account, account)
        );
        checkPreimage(own.curve, leafWords.curveHash);
        if (!RawLeaf.isWellFormed(own.at.leaf, forbidden)) return;
        (bool fits, ) = RawLeaf.readCurve(own.curve, time);
        require(!fits, ISettlementVerifier.SettlementVerifier_NotAbsent(account));
    }

    /// @notice Reverts unless the account's place in the tree is empty: two adjacent leaves lie around it, the first lies above
    /// it, the last lies below it, or there is no leaf at all.
    function checkBetween(Tree memory tree, uint256 account, Absence memory absence) internal pure {
        checkLength(absence.malformed.length, 0);
        bool hasLeft = absence.left.length != 0;
        bool hasRight = absence.right.length != 0;
        if (hasLeft) {
            checkLength(absence.left.length, 1);
            uint256 below = open(tree, absence.left[0]).account;
            require(below < account, ISettlementVerifier.SettlementVerifier_NotAbsent(account));
        }
        if (hasRight) {
            checkLength(absence.right.length, 1);
            uint256 above = open(tree, absence.right[0]).account;
            require(above > account, ISettlementVerifier.SettlementVerifier_NotAbsent(account));
        }
        if (hasLeft && hasRight) return checkAdjacent(absence.left[0].index, absence.right[0].index);
        if (hasLeft) return _checkEdge(absence.left[0].index, tree.leafCount - 1);
        if (hasRight) return _checkEdge(absence.right[0].index, 0);
        require(tree.leafCount == 0, ISettlementVerifier.SettlementVerifier_NotAbsent(account));
    }

    /// @notice Reverts unless a leaf that is shown alone stands at the edge of its tree.
    function _checkEdge(uint256 index, uint256 edge) private pure {
        require(index == edge, ISettlementVerifier.SettlementVerifier_NotAtEdge(index, edge));
    }
}
