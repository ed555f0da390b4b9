// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {
    Absence,
    AuditOpening,
    CurveOpening,
    Dispute,
    Fault,
    ISettlementVerifier,
    MalformedProof,
    Opening,
    OrderProof,
    SumProof,
    TotalsProof,
    TransitionProof
} from "../../../contracts/distribution/interfaces/ISettlementVerifier.sol";
import {RawLeaf} from "../../../contracts/distribution/libraries/RawLeaf.sol";
import {SettlementVerifier} from "../../../contracts/distribution/SettlementVerifier.sol";
import {PositionalMerkle} from "../../../contracts/libraries/PositionalMerkle.sol";
import {Audit, AuditFault, SettlementLeaf} from "../../../contracts/libraries/SettlementLeaf.sol";
import {TaskId} from "../../../contracts/types/TaskId.sol";
import {Curve, CurveFault, VestingCurve} from "../../../contracts/vesting/libraries/VestingCurve.sol";
import {Base} from "../Base.sol";

/// @notice Whatever bytes a leaf holds: a proof is right or wrong, and nothing else ever happens to it.
contract SettlementVerifierTest is Base {
    uint40 private constant START = 1_000_000;
    uint40 private constant END = 1_100_000;
    uint256 private constant TASKS = 2;
    uint256 private constant COHORTS = 3;

    SettlementVerifier private verifier = SettlementVerifier(deployed("SettlementVerifier", ""));

    /* ORDER */

    function testFuzz_OrderComparesAnyWords(uint256 low, uint256 high) public view {
        (Dispute memory dispute, Opening[2] memory leaves) = _twoLeaves(_leaf(low, "", ""), _leaf(high, "", ""));
        _expect(dispute, Fault.Order, abi.encode(OrderProof(leaves[0], leaves[1])), low >= high);
        (dispute, leaves) = _twoLeaves(_leaf(low, "", ""), _leaf(low, "", ""));
        _expect(dispute, Fault.Order, abi.encode(OrderProof(leaves[0], leaves[1])), true);
    }

    function test_RevertWhen_TheLeavesAreNotNeighbours() public {
        (Dispute memory dispute, Opening[2] memory leaves) = _twoLeaves(_leaf(2, "", ""), _leaf(1, "", ""));
        bytes memory proof = abi.encode(OrderProof(leaves[1], leaves[0]));
        vm.expectRevert(abi.encodeWithSelector(ISettlementVerifier.SettlementVerifier_NotAdjacent.selector, 1, 0));
        verifier.proves(dispute, Fault.Order, proof);
    }

    function test_RevertWhen_AProofNeedsWordsThatALeafHasNotGot() public {
        (Dispute memory dispute, Opening[2] memory leaves) = _twoLeaves(hex"01", _leaf(1, "", ""));
        bytes memory proof = abi.encode(OrderProof(leaves[0], leaves[1]));
        vm.expectRevert(abi.encodeWithSelector(ISettlementVerifier.SettlementVerifier_Malformed.selector, 0));
        verifier.proves(dispute, Fault.Order, proof);
    }

    /* MALFORMED */

    function testFuzz_AnyCurveIsMalformedOrNot(uint256 seed, bytes memory noise) public view {
        bytes memory curve = _anyCurveBytes(seed, noise);
        (bool fits, Curve memory read) = VestingCurve.decode(curve);
        bool wellFormed = fits && VestingCurve.faultAt(read, END) == CurveFault.None;
        _expectMalformed(_leaf(1000, curve, ""), curve, false, !wellFormed);
    }

    function testFuzz_AnyAuditIsMalformedOrNot(uint256 seed, bytes memory noise) public view {
        bytes memory audit = _anyAuditBytes(seed, noise);
        (AuditFault fault, ) = SettlementLeaf.decode(audit, TASKS, COHORTS);
        _expectMalformed(_leaf(1000, "", audit), audit, true, fault != AuditFault.None);
    }

    function testFuzz_AnyLeafIsMalformedOrNot(bytes memory leaf, uint256 account) public view {
        if (leaf.length != 96) _expectMalformed(leaf, "", true, true);
        leaf = _leaf(account, "", hex"11");
        bool bad = account == 0 || account > type(uint160).max || (account >= 501 && account <= 504);
        // Where the leaf is well formed, an audit of one byte still is none.
        _expectMalformed(leaf, hex"11", true, true);
        assertEq(RawLeaf.isWellFormed(leaf, _dispute().forbidden), !bad, "ROOT-4 whose leaf");
        for (uint256 own = 500; own < 506; ++own) {
            bool isFree = own == 500 || own == 505;
            assertEq(
                RawLeaf.isWellFormed(_leaf(own, "", ""), _dispute().forbidden),
                isFree,
                "ROOT-4 the protocol's own"
            );
        }
    }

    /* SUMS AND TRANSITION */

    function testFuzz_AnySumsFollowOrNot(uint256 seed, bool isFirst) public view {
        (Audit memory before, Audit memory leaf) = (_anyAudit(seed), _anyAudit(~seed));
        if (isFirst) before = _emptyAudit();
        if (seed % 2 == 0) _follow(before, leaf, 0);
        (Dispute memory dispute, Opening[2] memory leaves) = _twoLeaves(
            _leaf(7, "", SettlementLeaf.encode(isFirst ? leaf : before)),
            _leaf(9, "", SettlementLeaf.encode(leaf))
        );
        SumProof memory proof;
        proof.before = new AuditOpening[](isFirst ? 0 : 1);
        if (!isFirst) proof.before[0] = AuditOpening(leaves[0], SettlementLeaf.encode(before));
        proof.leaf = AuditOpening(leaves[isFirst ? 0 : 1], SettlementLeaf.encode(leaf));
        // Nobody counts as participant in this dispute, so nothing is granted.
        Audit memory expected = abi.decode(abi.encode(leaf), (Audit));
        bool fits = _follow(before, expected, 0);
        bool follows = fits && SettlementLeaf.hashAudit(expected) == SettlementLeaf.hashAudit(leaf);
        _expect(dispute, Fault.Sum, abi.encode(proof), !follows);
    }

    function testFuzz_AnyTotalsMatchOrNot(uint256 seed) public view {
        Audit memory leaf = _anyAudit(seed);
        (Dispute memory dispute, Opening[2] memory leaves) = _twoLeaves(
            _leaf(7, "", ""),
            _leaf(9, "", SettlementLeaf.encode(leaf))
        );
        for (uint256 i = 0; i < TASKS; ++i) {
            // The audit's ranges are those of the declaration.
            dispute.settlement.scoreTotals[i] = uint128(leaf.runScores[i]);
            dispute.settlement.participants[i] = uint32(leaf.runParticipants[i]);
        }
        for (uint256 j = 0; j < COHORTS; ++j) dispute.settlement.accelerated[j] = uint128(leaf.runAccelerated[j]);
        dispute.settlement.granted = uint128(leaf.runGranted);
        bytes memory proof = abi.encode(TotalsProof(AuditOpening(leaves[1], SettlementLeaf.encode(leaf))));
        _expect(dispute, Fault.Totals, proof, false);
        uint256 place = seed % (2 * TASKS + COHORTS + 1);
        if (place < TASKS) dispute.settlement.scoreTotals[place] ^= 1;
        else if (place < 2 * TASKS) dispute.settlement.participants[place - TASKS] ^= 1;
        else if (place < 2 * TASKS + COHORTS) dispute.settlement.accelerated[place - 2 * TASKS] ^= 1;
        else dispute.settlement.granted ^= 1;
        _expect(dispute, Fault.Totals, proof, true);
    }

    function testFuzz_AnyTransitionIsJudged(uint256 seed, uint256 oldSeed, bytes memory noise) public view {
        bytes memory oldCurve = _anyCurveBytes(oldSeed, noise);
        (bool fits, Curve memory read) = VestingCurve.decode(oldCurve);
        fits = fits && VestingCurve.faultAt(read, START) == CurveFault.None;
        Audit memory audit = _anyAudit(seed);
        bytes memory auditBytes = SettlementLeaf.encode(audit);
        (Dispute memory dispute, Opening[2] memory leaves) = _twoLeaves(
            _leaf(1000, _anyCurveBytes(seed, noise), auditBytes),
            _leaf(2000, "", "")
        );
        Opening memory old = Opening(0, new bytes32[](0), _leaf(1000, oldCurve, ""));
        (dispute.parentRoot, dispute.parentLeafCount) = (RawLeaf.hash(old.leaf), 1);
        TransitionProof memory proof;
        proof.leaf = AuditOpening(leaves[0], auditBytes);
        if (fits) {
            proof.before = new CurveOpening[](1);
            proof.before[0] = CurveOpening(old, oldCurve);
        } else {
            proof.absence = new Absence[](1);
            proof.absence[0].malformed = new CurveOpening[](1);
            proof.absence[0].malformed[0] = CurveOpening(old, oldCurve);
        }
        // Either verdict, but a verdict: nothing in either leaf can make it another error.
        _verdict(dispute, Fault.Transition, abi.encode(proof));
    }

    /* ENCODINGS */

    function testFuzz_NoBytesProveAnythingOfAnEmptySettlement(uint8 fault, bytes memory proof) public view {
        Dispute memory dispute = _dispute();
        dispute.settlement.leafCount = 0;
        // A member of the enumeration.
        try verifier.proves(dispute, Fault(fault % 7), proof) returns (bool) {
            assertTrue(false, "ROOT-4 noise proves nothing");
        } catch (bytes memory) {}
    }

    /* HELPERS */

    function _expectMalformed(bytes memory leaf, bytes memory last, bool isAudit, bool expected) private view {
        (Dispute memory dispute, Opening[2] memory leaves) = _twoLeaves(leaf, _leaf(2000, "", ""));
        MalformedProof memory proof;
        proof.node.node = RawLeaf.hash(leaf);
        proof.node.siblings = leaves[0].siblings;
        proof.chain = new bytes[](3);
        (proof.chain[0], proof.chain[1], proof.chain[2]) = (abi.encodePacked(keccak256(leaf)), leaf, last);
        proof.audit = isAudit;
        _expect(dispute, Fault.Malformed, abi.encode(proof), expected);
    }

    function _expect(Dispute memory dispute, Fault fault, bytes memory proof, bool expected) private view {
        assertEq(_verdict(dispute, fault, proof), expected, "ROOT-4 the verdict");
    }

    /// @dev Whether the proof is right; fails on anything but true and {SettlementVerifier_NoFault}.
    function _verdict(Dispute memory dispute, Fault fault, bytes memory proof) private view returns (bool) {
        try verifier.proves(dispute, fault, proof) returns (bool right) {
            assertTrue(right, "ROOT-4 true or an error");
            return true;
        } catch (bytes memory reason) {
            bytes memory noFault = abi.encodeWithSelector(
                ISettlementVerifier.SettlementVerifier_NoFault.selector,
                fault
            );
            assertEq(reason, noFault, "ROOT-4 no other error");
            return false;
        }
    }

    /// @dev Writes sums that follow from those before and the leaf's own figures; false where they leave their ranges.
    function _follow(Audit memory before, Audit memory leaf, uint256 granted) private pure returns (bool fits) {
        fits = true;
        for (uint256 i = 0; i < TASKS; ++i) {
            leaf.runScores[i] = before.runScores[i] + leaf.scores[i];
            leaf.runParticipants[i] = before.runParticipants[i] + (leaf.scores[i] >= 1000 ? 1 : 0);
            if (leaf.runScores[i] > type(uint128).max || leaf.runParticipants[i] > type(uint32).max) fits = false;
        }
        for (uint256 j = 0; j < COHORTS; ++j) {
            leaf.runAccelerated[j] = before.runAccelerated[j] + leaf.accelerated[j];
            if (leaf.runAccelerated[j] > type(uint128).max) fits = false;
        }
        leaf.runGranted = before.runGranted + granted;
        // Out of range is another fault: back into it, and the sums do not follow.
        for (uint256 i = 0; i < TASKS; ++i) {
            leaf.runScores[i] &= type(uint128).max;
            leaf.runParticipants[i] &= type(uint32).max;
        }
        for (uint256 j = 0; j < COHORTS; ++j) leaf.runAccelerated[j] &= type(uint128).max;
    }

    function _emptyAudit() private pure returns (Audit memory audit) {
        (audit.scores, audit.runScores) = (new uint256[](TASKS), new uint256[](TASKS));
        audit.runParticipants = new uint256[](TASKS);
        (audit.accelerated, audit.runAccelerated) = (new uint256[](COHORTS), new uint256[](COHORTS));
    }

    /// @dev Figures of any size within their ranges, the edges often.
    function _anyAudit(uint256 seed) private pure returns (Audit memory audit) {
        audit = _emptyAudit();
        for (uint256 i = 0; i < TASKS; ++i) {
            audit.scores[i] = _figure(seed, i, 96);
            audit.runScores[i] = _figure(seed, 10 + i, 128);
            audit.runParticipants[i] = _figure(seed, 20 + i, 32);
        }
        for (uint256 j = 0; j < COHORTS; ++j) {
            audit.accelerated[j] = _figure(seed, 30 + j, 128);
            audit.runAccelerated[j] = _figure(seed, 40 + j, 128);
        }
        audit.runGranted = _figure(seed, 50, 128);
    }

    function _figure(uint256 seed, uint256 salt, uint256 bits) private pure returns (uint256) {
        uint256 value = uint256(keccak256(abi.encode(seed, salt)));
        uint256 max = (uint256(1) << bits) - 1;
        if (value % 4 == 0) return 0;
        if (value % 4 == 1) return max;
        return (value >> 8) % (max >> ((value >> 2) % bits));
    }

    /// @dev Noise, words of noise, or nearly a curve.
    function _anyCurveBytes(uint256 seed, bytes memory noise) private pure returns (bytes memory) {
        if (seed % 8 == 0) return noise;
        uint256[] memory words = new uint256[]((seed >> 8) % 29);
        for (uint40 i = 0; i < words.length; ++i) {
            uint128 amount = uint128(_figure(seed, i, seed % 3 == 0 ? 128 : 100));
            words[i] = VestingCurve.pack(START + 10_000 * (i + 1), uint40(1 + (seed % 200_000)), amount);
        }
        if (seed % 8 == 1 && words.length != 0) words[(seed >> 16) % words.length] = uint256(keccak256(noise));
        return abi.encodePacked(_figure(seed, 99, seed % 5 == 0 ? 130 : 120), words);
    }

    function _anyAuditBytes(uint256 seed, bytes memory noise) private pure returns (bytes memory audit) {
        if (seed % 8 == 0) return noise;
        audit = SettlementLeaf.encode(_anyAudit(seed));
        if (seed % 2 == 0) audit[(seed >> 8) % audit.length] ^= bytes1(uint8(1 + (seed % 255)));
    }

    function _leaf(uint256 account, bytes memory curve, bytes memory audit) private pure returns (bytes memory) {
        return abi.encode(account, keccak256(curve), keccak256(audit));
    }

    function _twoLeaves(
        bytes memory left,
        bytes memory right
    ) private pure returns (Dispute memory dispute, Opening[2] memory leaves) {
        dispute = _dispute();
        (bytes32 low, bytes32 high) = (RawLeaf.hash(left), RawLeaf.hash(right));
        dispute.settlement.root = PositionalMerkle.node(low, high);
        dispute.settlement.leafCount = 2;
        leaves = [Opening(0, new bytes32[](1), left), Opening(1, new bytes32[](1), right)];
        (leaves[0].siblings[0], leaves[1].siblings[0]) = (high, low);
    }

    /// @dev An epoch of two tasks and three cohorts in which nobody was declared to have taken part.
    function _dispute() private pure returns (Dispute memory dispute) {
        (dispute.record.start, dispute.record.end, dispute.record.budget) = (START, END, 1e24);
        dispute.record.tasks = new TaskId[](TASKS);
        dispute.record.weights = new uint64[](TASKS);
        dispute.record.minScores = new uint96[](TASKS);
        for (uint256 i = 0; i < TASKS; ++i) {
            (dispute.record.weights[i], dispute.record.minScores[i]) = (0.5e18, 1000);
        }
        (dispute.record.accountCap, dispute.record.accelerationBound) = (1e18, 1e18);
        (dispute.record.cohortEnd, dispute.record.duration) = (END + 10_000, 1_000_000);
        dispute.settlement.participants = new uint32[](TASKS);
        dispute.settlement.scoreTotals = new uint128[](TASKS);
        dispute.settlement.accelerated = new uint128[](COHORTS);
        dispute.total.cohorts = new uint256[](COHORTS);
        for (uint40 j = 0; j < COHORTS; ++j) {
            dispute.total.cohorts[j] = VestingCurve.pack(START + 10_000 * (j + 1), 1_000_000, 1e24);
        }
        dispute.forbidden = [address(501), address(502), address(503), address(504)];
    }
}
