// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ISettlementVerifier} from "../../distribution/interfaces/ISettlementVerifier.sol";

/// @notice Shows a verifier many proofs about one dispute, and tells which of them it took. Saves the tests a round trip for each.
contract ProofBatch {
    /// Proofs get this much gas each, several times what the dearest right one needs.
    uint256 private constant GAS = 10_000_000;

    /// @param verifier Whom to ask.
    /// @param dispute The dispute, as the ABI encodes it in place: without an offset before it.
    /// @param faults What each proof is said to prove.
    /// @param proofs The proofs.
    /// @return held For each proof, whether the verifier said that it holds.
    function held(
        ISettlementVerifier verifier,
        bytes calldata dispute,
        uint8[] calldata faults,
        bytes[] calldata proofs
    ) external view returns (bool[] memory) {
        bool[] memory results = new bool[](proofs.length);
        uint256 free = _freeMemory();
        for (uint256 i = 0; i < proofs.length; ++i) {
            bytes memory data = bytes.concat(
                abi.encodePacked(ISettlementVerifier.proves.selector, uint256(96), uint256(faults[i])),
                abi.encodePacked(96 + dispute.length, dispute, proofs[i].length, proofs[i])
            );
            (bool taken, bytes memory answer) = address(verifier).staticcall{gas: GAS}(data);
            results[i] = taken && answer.length == 32 && abi.decode(answer, (bool));
            _freeMemoryFrom(free);
        }
        return results;
    }

    function _freeMemory() private pure returns (uint256 pointer) {
        assembly ("memory-safe") {
            pointer := mload(0x40)
        }
    }

    /// The next proof is written where the last one stood: memory grows dearer the more there is of it.
    function _freeMemoryFrom(uint256 pointer) private pure {
        assembly {
            mstore(0x40, pointer)
        }
    }
}
