// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Dispute, Fault, ISettlementVerifier, LeafAnswer} from "../../distribution/interfaces/ISettlementVerifier.sol";
import {Settlement} from "../../distribution/interfaces/ISettlementArithmetic.sol";

/// @title ScriptedVerifier
/// @notice Finds what it was told to find: takes the proof "right", answers "no" to "no", and refuses everything else. Shows a test
/// what the distributor asks it.
contract ScriptedVerifier is ISettlementVerifier {
    error ScriptedVerifier_Wrong();

    /// What a call must be about, if anything.
    bytes32 public expected;

    function expectDispute(Dispute calldata dispute) external {
        expected = keccak256(abi.encode(dispute));
    }

    /// @inheritdoc ISettlementVerifier
    function proves(Dispute calldata dispute, Fault, bytes calldata proof) external view returns (bool) {
        require(expected == 0 || expected == keccak256(abi.encode(dispute)), ScriptedVerifier_Wrong());
        return _judge(proof);
    }

    /// @inheritdoc ISettlementVerifier
    function opens(Settlement calldata, uint32, LeafAnswer calldata answer) external pure returns (bool) {
        return _judge(answer.leaf);
    }

    function _judge(bytes calldata proof) private pure returns (bool) {
        if (keccak256(proof) == keccak256("no")) return false;
        require(keccak256(proof) == keccak256("right"), ScriptedVerifier_Wrong());
        return true;
    }
}
