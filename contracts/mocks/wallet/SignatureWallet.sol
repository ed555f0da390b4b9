// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title SignatureWallet
/// @notice The least of a contract wallet: what its one owner signed counts as signed by it (ERC-1271).
/// @dev The owner is an immutable, so the code can be put at any address of a test chain and works there.
contract SignatureWallet is IERC1271 {
    address private immutable _OWNER;

    constructor(address owner) {
        _OWNER = owner;
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4 magicValue) {
        (address signer, ECDSA.RecoverError fault, ) = ECDSA.tryRecoverCalldata(hash, signature);
        bool isOwner = fault == ECDSA.RecoverError.NoError && signer == _OWNER;
        return isOwner ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}
