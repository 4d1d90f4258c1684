/** Arrays of numbers as NumPy writes them: npy files and npz archives. No pickles, no tensors. */
package io.rglcd.data.array;
