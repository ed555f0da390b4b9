// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EpochRecord, Settlement} from "../../../contracts/distribution/interfaces/IEpochDistributor.sol";
import {Audit, AuditFault, SettlementLeaf} from "../../../contracts/libraries/SettlementLeaf.sol";
import {Base} from "../Base.sol";

/// @notice The bytes of leaf, record and settlement, by vectors that ethers encoded.
contract SettlementLeafTest is Base {
    function test_HasTheBytesOfTheVectors() public view {
        string memory json = readVectors("leaf");
        uint256 count = vm.parseJsonUint(json, ".count");
        for (uint256 i = 0; i < count; ++i) {
            string memory key = string.concat(".leaves[", vm.toString(i), "]");
            uint256 tasks = vm.parseJsonUint(json, string.concat(key, ".tasks"));
            uint256 cohorts = vm.parseJsonUint(json, string.concat(key, ".cohorts"));
            bytes memory preimage = vm.parseJsonBytes(json, string.concat(key, ".auditPreimage"));
            bytes32 curve = vm.parseJsonBytes32(json, string.concat(key, ".curveHash"));
            bytes32 auditHash = vm.parseJsonBytes32(json, string.concat(key, ".auditHash"));
            assertEq(SettlementLeaf.auditLength(tasks, cohorts), preimage.length, "length");
            (AuditFault fault, Audit memory audit) = SettlementLeaf.decode(preimage, tasks, cohorts);
            assertEq(uint256(fault), uint256(AuditFault.None), "well formed");
            assertEq(SettlementLeaf.encode(audit), preimage, "the same bytes again");
            assertEq(SettlementLeaf.hashAudit(audit), auditHash, "audit hash");
            address account = address(bytes20(vm.parseJsonBytes(json, string.concat(key, ".account"))));
            bytes32 leaf = vm.parseJsonBytes32(json, string.concat(key, ".leaf"));
            assertEq(SettlementLeaf.hash(account, curve, auditHash), leaf, "leaf");
        }
    }

    function test_NamesWhatIsWrongWithAnAudit() public view {
        string memory json = readVectors("leaf");
        bytes memory preimage = vm.parseJsonBytes(json, ".leaves[2].auditPreimage");
        (AuditFault fault, ) = SettlementLeaf.decode(preimage, 4, 8);
        assertEq(uint256(fault), uint256(AuditFault.Length), "length");
        for (uint256 word = 0; word < preimage.length / 32; ++word) {
            preimage[word * 32] = 0x01;
            (fault, ) = SettlementLeaf.decode(preimage, 4, 7);
            assertEq(uint256(fault), uint256(AuditFault.Range), "range");
            preimage[word * 32] = 0x00;
        }
        (fault, ) = SettlementLeaf.decode(preimage, 4, 7);
        assertEq(uint256(fault), uint256(AuditFault.None), "well formed again");
    }

    function testFuzz_DecodingNeverReverts(bytes memory preimage, uint8 tasks, uint8 cohorts) public pure {
        (AuditFault fault, ) = SettlementLeaf.decode(preimage, tasks, cohorts);
        bool fits = preimage.length == SettlementLeaf.auditLength(tasks, cohorts);
        assertEq(fault == AuditFault.Length, !fits, "a fault is a result");
    }

    function testFuzz_TheLeafIgnoresNothing(address account, bytes32 curve, bytes32 audit) public pure {
        bytes32 expected = keccak256(bytes.concat(keccak256(abi.encode(account, curve, audit))));
        assertEq(SettlementLeaf.hash(account, curve, audit), expected, "leaf");
    }

    function test_RecordAndSettlementHaveTheHashesOfTheVectors() public view {
        string memory json = readVectors("record");
        uint256 count = vm.parseJsonUint(json, ".count");
        for (uint256 i = 0; i < count; ++i) {
            string memory key = string.concat(".cases[", vm.toString(i), "]");
            bytes memory encoded = vm.parseJsonBytes(json, string.concat(key, ".recordEncoded"));
            EpochRecord memory record = abi.decode(encoded, (EpochRecord));
            bytes32 recordHash = vm.parseJsonBytes32(json, string.concat(key, ".recordHash"));
            assertEq(keccak256(abi.encode(record)), recordHash, "record hash");
            bytes32 basis = _basis(json, key, recordHash);
            assertEq(basis, vm.parseJsonBytes32(json, string.concat(key, ".basisHash")), "basis");
            encoded = vm.parseJsonBytes(json, string.concat(key, ".settlementEncoded"));
            Settlement memory settlement = abi.decode(encoded, (Settlement));
            bytes32 settlementHash = vm.parseJsonBytes32(json, string.concat(key, ".settlementHash"));
            assertEq(keccak256(abi.encode(basis, settlement)), settlementHash, "settlement hash");
        }
    }

    function _basis(string memory json, string memory key, bytes32 recordHash) private pure returns (bytes32) {
        bytes32 parentRoot = vm.parseJsonBytes32(json, string.concat(key, ".basis.parentRoot"));
        uint256 reserve = vm.parseJsonUint(json, string.concat(key, ".basis.reserve"));
        bytes32 totalCurveHash = vm.parseJsonBytes32(json, string.concat(key, ".basis.totalCurveHash"));
        return keccak256(abi.encode(recordHash, parentRoot, reserve, totalCurveHash));
    }
}
