/**
 * Pictures of bytes: decoding to RGB, resizing and cropping with the results of Pillow and
 * torchvision, which the original training code uses. No files, no samples.
 */
package io.rglcd.data.image;
